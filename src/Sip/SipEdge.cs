using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Telephony.Sip;

/// <summary>The edge over real sockets: sorts what comes in to its transaction, and sends what owners want sent.</summary>
internal sealed class SipEdge : ISipEdge, ISipWebSockets, IReceiver, IHostedService, IAsyncDisposable
{
    private const int MaxDatagram = 1300; // RFC 3261 §18.1.1, where the path's MTU is not known

    private readonly SipEdgeOptions _options;
    private readonly Lazy<ISipEdgeEvents> _events;
    private readonly TimeProvider _clock;
    private readonly ILogger<SipEdge> _log;
    private readonly SipMetrics _metrics;
    private readonly SourceGuard _guard;
    private readonly TimerWheel _wheel;
    private readonly TlsPolicy _tls;
    private readonly Connections _connections;
    private readonly List<UdpListener> _udp = [];
    private readonly ServerTransactions _servers;
    private readonly uint _run = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly RateLimit _malformed;
    private readonly RateLimit _full;
    private readonly RateLimit _failed;
    private TransactionContext? _context;
    private ClientTransactions? _clients;
    private string _address = "";
    private string _tlsAddress = "";

    /// <param name="events">Resolved at the start, since who hears the events may need the edge.</param>
    public SipEdge(IOptions<SipEdgeOptions> options, Lazy<ISipEdgeEvents> events, TimeProvider clock, ILogger<SipEdge> log)
    {
        _options = options.Value;
        _events = events;
        _clock = clock;
        _log = log;
        _metrics = new(() => _servers?.Count ?? 0, () => _clients?.Count ?? 0, () => _connections?.Count ?? 0);
        _guard = new(_options.Defence, _metrics, log, clock);
        _wheel = new(clock);
        _tls = new(_options, new(_options, CertificateHosts(), clock, log));
        _connections = new(_options, _tls, this, _wheel, _metrics, log, clock);
        _servers = new(_options.MaxTransactions, _options.MaxCompleted);
        _malformed = new(clock, TimeSpan.FromSeconds(10));
        _full = new(clock, TimeSpan.FromSeconds(10));
        _failed = new(clock, TimeSpan.FromSeconds(1));
    }

    public string Id => _options.Id;

    /// <summary>Transactions of either kind, for tests of what is left over.</summary>
    internal (int Servers, int Clients, int Timers) Open => (_servers.Count, _clients?.Count ?? 0, _wheel.Count);

    private TransactionContext Context => _context ?? throw new InvalidOperationException("The SIP edge was not started.");

    private ClientTransactions Clients => _clients ?? throw new InvalidOperationException("The SIP edge was not started.");

    public string Address(SipTransport transport) => transport == SipTransport.Tls ? _tlsAddress : _address;

    /// <exception cref="InvalidOperationException">An address can't be bound; says which and why.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _context = new(Id, _run, _wheel, _options.Timers, _events.Value, _metrics) { Reroute = response => Destination.TryBack(response, out var way) ? ChannelTo(way) : null };
        _clients = new(_options.MaxTransactions) { Context = _context };

        var addresses = _options.Addresses() ?? throw new InvalidOperationException($"Telephony:Sip:Bind is '{_options.Bind}'.");
        var port = _options.Port;
        foreach (var address in addresses) port = Bind(address, port);
        _address = _tlsAddress = $"{Host(addresses[0])}:{port}";
        if (_options.TlsPort != 0) BindTls(addresses, _options.TlsPort ?? (_options.Port == 0 ? 0 : _options.Port + 1));
        foreach (var listener in _udp) listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _udp) listener.Dispose();
        await _connections.DisposeAsync();
        _wheel.Dispose();
        _metrics.Dispose();
    }

    public Task Run(WebSocket socket, IPEndPoint remote, bool isSecure, CancellationToken stop) =>
        _connections.Run(socket, remote, isSecure ? SipTransport.Wss : SipTransport.Ws, stop);

    public void Claim(string transaction, string owner) => Find(transaction)?.Claim(owner);

    public void Respond(string transaction, SipResponse response) => Find(transaction)?.Respond(response);

    public void Send(string transaction, SipRequest request, SipFlow? flow, string owner)
    {
        var branch = TransactionKey.Branch(transaction);
        if (Clients.IsInUse(transaction, request)) return;

        var channel = Clients.IsFull ? null : ChannelFor(request, flow);
        if (channel is not null)
        {
            var sent = WithVia(request, channel, branch);
            if (flow is null && !channel.IsReliable && sent.Wire.Length > MaxDatagram && ChannelTo(new(SipTransport.Tcp, channel.Remote)) is { } connection)
            {
                // §18.1.1: a large request goes by TCP, and by UDP all the same when the peer has none
                Clients.Start(transaction, WithVia(request, connection, branch), connection, owner, (sent, channel));
                return;
            }

            Clients.Start(transaction, sent, channel, owner);
            return;
        }

        if (Clients.IsFull && _full.TryPass(out var count)) Log.Full(_log, count, "client transactions");
        Context.Events.OnResponse(new(Id, transaction, owner, SipResponse.For(request, 503).Build(), SipResponseSource.TransportFailed, flow));
    }

    public void Acknowledge(string transaction, SipRequest ack, SipFlow? flow)
    {
        if (ChannelFor(ack, flow) is not { } channel)
        {
            _metrics.Drop("no way for an ACK");
            return;
        }

        var sent = WithVia(ack, channel, "z9hG4bK" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        if (Clients.Find(transaction) is { } invite) invite.Acknowledge(sent, channel);
        else channel.TrySend(sent.Wire);
    }

    public void Cancel(string transaction) => Clients.Find(transaction)?.Cancel();

    public void Report(SipFlow flow, Offence offence)
    {
        if (SourceKey.TryOf(flow, out var source)) _guard.OnOffence(source, offence);
    }

    public void RestoreServer(string transaction, SipRequest invite, SipFlow flow, string owner)
    {
        if (Find(transaction) is not null || !TransactionKey.TryMake(invite, "INVITE"u8, out var key) || ChannelBack(invite, flow) is not { } channel) return;

        var restored = new ServerTransaction(Context, _servers, key, isInvite: true, channel) { Name = transaction };
        if (_servers.TryRestore(restored)) restored.Restore(invite, owner);
    }

    public void RestoreClient(string transaction, SipRequest invite, SipFlow? flow, string owner)
    {
        var branch = TransactionKey.Branch(transaction);
        if (!Clients.IsInUse(transaction, invite) && ChannelFor(invite, flow) is { } channel) Clients.Restore(transaction, WithVia(invite, channel, branch), channel, owner);
    }

    public bool Admits(SocketAddress from) => _guard.OnMessage(SourceKey.Of(from)) == Verdict.Pass;

    public bool Admits(IPAddress from) => !_guard.IsBanned(SourceKey.Of(from));

    public bool OnMessage(Span<byte> message, Channel channel)
    {
        if (channel.IsReliable && _guard.OnMessage(channel.Source) is not Verdict.Pass and var verdict) return verdict == Verdict.Drop;
        try
        {
            return Receive(message, channel);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // a fault of ours or of who hears the events; the next message is another matter
            if (_failed.TryPass(out var count)) Log.Failed(_log, count, channel.Flow.Remote, e);
            return true;
        }
    }

    public void OnClosed(Channel channel, IReadOnlyCollection<ClientTransaction> waiting)
    {
        foreach (var transaction in waiting) transaction.Break();
        if (channel is Connection { WasUsed: true }) Context.Events.OnFlowClosed(new(Id, channel.Flow));
    }

    private bool Receive(Span<byte> message, Channel channel)
    {
        while (message.StartsWith("\r\n"u8)) message = message[2..];
        if (message.IsEmpty || message.Length <= 4 && message.IndexOfAnyExcept("\0\r\n"u8) < 0) return true; // a keep-alive

        var error = SipParser.Index(message, out var index);
        if (error.IsError) Malformed(channel, error);
        if (!index.IsAnswerable) return false;

        if (index.Status != 0)
        {
            if (!error.IsError) OnResponse(new(message[..index.Length].ToArray(), index.ToLayout()), channel);
            return !error.IsError;
        }

        var (wire, own) = ViaStamp.Apply(message, index, channel);
        var request = new SipRequest(wire, own);
        if (error.IsError) Refuse(request, channel, error.Status, error.Reason);
        else OnRequest(request, channel);
        return !error.IsError;
    }

    private void OnRequest(SipRequest request, Channel channel)
    {
        _metrics.Received.Add(1);
        if (request.Is("ACK"u8))
        {
            OnAck(request);
            return;
        }

        if (!TransactionKey.TryMake(request, request.MethodToken, out var key)) return;
        if (_servers.Find(key) is { } known)
        {
            _metrics.Absorbed.Add(1);
            known.Repeat();
            return;
        }

        if (request.Is("CANCEL"u8)) OnCancel(request, channel, key);
        else Begin(request, channel, key);
    }

    private void Begin(SipRequest request, Channel channel, UInt128 key)
    {
        if (RequestRules.Refusal(request, _options.Extensions, out var unsupported) is not 0 and var status)
        {
            Refuse(request, channel, status, null, unsupported is null ? null : ("Unsupported", unsupported));
            return;
        }

        if (Clients.IsLoop(request, _address))
        {
            Refuse(request, channel, 482);
            return;
        }

        if (_servers.IsFull)
        {
            if (_full.TryPass(out var count)) Log.Full(_log, count, "server transactions");
            Refuse(request, channel, 503, null, ("Retry-After", "5"));
            return;
        }

        // REGISTER is not forked on its way, and the most frequent
        UInt128? merge = request.Is("REGISTER"u8) || !TransactionKey.TagOf(request, HeaderId.To).IsEmpty ? null : TransactionKey.Merge(request);
        if (merge is { } same && !_servers.TryMerge(same, key))
        {
            Refuse(request, channel, 482);
            return;
        }

        var transaction = new ServerTransaction(Context, _servers, key, request.Is("INVITE"u8), channel) { MergeKey = merge };
        if (_servers.TryAdd(transaction)) transaction.Start(request);
    }

    private void OnAck(SipRequest ack)
    {
        if (_servers.FindByAck(TransactionKey.Ack(ack)) is { } accepted) accepted.Acknowledge(ack);
        else if (TransactionKey.TryMake(ack, "INVITE"u8, out var key) && _servers.Find(key) is { } completed) completed.Acknowledge(ack);
        else _metrics.Drop("stray ACK");
    }

    private void OnCancel(SipRequest cancel, Channel channel, UInt128 key)
    {
        var invite = TransactionKey.TryMake(cancel, "INVITE"u8, out var inviteKey) ? _servers.Find(inviteKey) : null;
        var transaction = new ServerTransaction(Context, _servers, key, isInvite: false, channel);
        if (!_servers.TryAdd(transaction)) return;

        var toTag = invite?.Cancel(cancel);
        transaction.Respond(SipResponse.For(cancel, invite is null ? 481 : 200, null, toTag).Build());
    }

    private void OnResponse(SipResponse response, Channel channel)
    {
        _metrics.Received.Add(1);
        var isOurs = ViaView.TryParse(response.TopVia, out var via) && System.Text.Ascii.Equals(via.SentBy, Address(channel.Flow.Transport));
        if (isOurs && Clients.Find(response) is { } transaction) transaction.Receive(response);
        else _metrics.Drop(isOurs ? "stray response" : "response of another");
    }

    // answers without a transaction; the tag is the same for every copy (RFC 3261 §8.2.7)
    private void Refuse(SipRequest request, Channel channel, int status, string? reason = null, (string Name, string Value)? header = null)
    {
        _metrics.Refused.Add(1, new KeyValuePair<string, object?>("status", status));
        if (request.Is("ACK"u8) || !TransactionKey.TryMake(request, request.MethodToken, out var key)) return;

        var response = SipResponse.For(request, status, reason, Convert.ToHexStringLower(BitConverter.GetBytes((ulong)key)));
        if (header is { } more) response.Add(more.Name, more.Value);
        if (response.TryBuild(out var built)) channel.TrySend(built);
    }

    private void Malformed(Channel channel, SipParseError error)
    {
        _metrics.Malformed.Add(1);
        _guard.OnOffence(channel.Source, Offence.Malformed);
        if (_malformed.TryPass(out var count)) Log.Malformed(_log, count, channel.Flow.Remote, error.Reason);
    }

    private ServerTransaction? Find(string name) =>
        !TransactionKey.TryReadName(name, out var run, out var key) ? null : run == _run ? _servers.Find(key) : _servers.FindRestored(name);

    private Channel? ChannelFor(SipRequest request, SipFlow? flow)
    {
        if (flow is null) return Destination.TryOf(request, out var way) ? ChannelTo(way) : null;
        if (flow.Transport == SipTransport.Udp) return IPEndPoint.TryParse(flow.Remote, out var remote) ? ChannelTo(new(SipTransport.Udp, remote)) : null;
        if (_connections.Find(flow.Connection) is { IsOpen: true } connection) return connection;

        // the connection is gone: try to reach the peer where it says that it listens
        return Destination.TryOf(request, out var target) ? ChannelTo(target with { Transport = flow.Transport, Host = flow.Transport == SipTransport.Tls ? target.Host : "" }) : null;
    }

    // the way back of a request that came by this flow, which may be gone (§18.2.2)
    private Channel? ChannelBack(SipRequest request, SipFlow flow)
    {
        if (flow.Transport == SipTransport.Udp) return IPEndPoint.TryParse(flow.Remote, out var remote) ? ChannelTo(new(SipTransport.Udp, remote)) : null;
        if (_connections.Find(flow.Connection) is { IsOpen: true } connection) return connection;
        return Destination.TryBack(request, out var way) ? ChannelTo(way with { Transport = flow.Transport, Host = flow.Transport == SipTransport.Tls ? way.Host : "" }) : null;
    }

    private Channel? ChannelTo(Destination way)
    {
        if (way.EndPoint.Port == 0) return null;
        if (way.Transport is SipTransport.Tcp or SipTransport.Tls) return _connections.ConnectionTo(way);
        if (way.Transport != SipTransport.Udp) return null;

        foreach (var listener in _udp)
        {
            if (listener.LocalEndPoint.AddressFamily == way.EndPoint.AddressFamily) return listener.ChannelTo(way.EndPoint);
        }

        return null;
    }

    private SipRequest WithVia(SipRequest request, Channel channel, string branch)
    {
        var (transport, address) = channel.Flow.Transport switch
        {
            SipTransport.Udp => ("UDP", _address),
            SipTransport.Tcp => ("TCP", _address),
            SipTransport.Tls => ("TLS", _tlsAddress),
            SipTransport.Ws => ("WS", _address),
            _ => ("WSS", _address),
        };
        return request.WithVia($"SIP/2.0/{transport} {address};rport;branch={branch}");
    }

    // both transports on one port; with port 0, one that is free for both
    private int Bind(IPAddress address, int port)
    {
        for (var tries = port == 0 ? 20 : 1; ; tries--)
        {
            UdpListener? udp = null;
            var transport = SipTransport.Udp;
            try
            {
                udp = new UdpListener(Id, new(address, port), this, _metrics, _log, _clock);
                transport = SipTransport.Tcp;
                var local = udp.LocalEndPoint;
                _connections.Start(Connections.Bind(local), SipTransport.Tcp);
                _udp.Add(udp);
                Log.Listening(_log, SipTransport.Udp, local.ToString());
                Log.Listening(_log, SipTransport.Tcp, local.ToString());
                return local.Port;
            }
            catch (SocketException e)
            {
                udp?.Dispose();
                if (tries > 1) continue;
                throw new InvalidOperationException(
                    $"SIP can't listen on {transport} {new IPEndPoint(address, port)}: {e.Message}. Telephony:Sip:Bind must be an address of this machine, Telephony:Sip:Port a port that is free.", e);
            }
        }
    }

    private void BindTls(IReadOnlyList<IPAddress> addresses, int port)
    {
        _tls.Load();
        foreach (var address in addresses)
        {
            try
            {
                var socket = Connections.Bind(new(address, port));
                var local = (IPEndPoint)socket.LocalEndPoint!;
                port = local.Port;
                _connections.Start(socket, SipTransport.Tls);
                Log.Listening(_log, SipTransport.Tls, local.ToString());
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException(
                    $"SIP can't listen on {SipTransport.Tls} {new IPEndPoint(address, port)}: {e.Message}. Telephony:Sip:TlsPort must be a port that is free (it is one above Telephony:Sip:Port unless it is set), or 0 for no TLS.", e);
            }
        }

        _tlsAddress = $"{Host(addresses[0])}:{port}";
    }

    private List<string> CertificateHosts()
    {
        var hosts = new List<string>();
        if (_options.Addresses() is [var first, ..]) hosts.Add(Host(first).Trim('[', ']'));
        foreach (var local in new[] { "localhost", "127.0.0.1" })
        {
            if (!hosts.Contains(local)) hosts.Add(local);
        }

        return hosts;
    }

    private string Host(IPAddress bound)
    {
        if (_options.Address is { } host) return host;

        var address = bound;
        if (bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any))
        {
            address = NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .FirstOrDefault(own => own.AddressFamily == bound.AddressFamily && !own.IsIPv6LinkLocal)
                ?? (bound.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback);
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }
}
