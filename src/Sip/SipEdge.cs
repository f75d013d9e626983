using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Telephony.Sip;

/// <summary>
/// The edge over real sockets: puts its parts together, and does what owners of transactions want. <see cref="Listeners"/> hold the sockets,
/// <see cref="Sip.Receiver"/> takes what they receive, <see cref="TransactionLayer"/> sorts it, <see cref="RequestSender"/> sends what is ours, and
/// <see cref="Routing"/> finds its way.
/// </summary>
internal sealed class SipEdge : ISipEdge, ISipWebSockets, IHostedService, IAsyncDisposable
{
    private readonly SipMetrics _metrics;
    private readonly SourceGuard _guard;
    private readonly TimerWheel _wheel;
    private readonly TransactionLayer _transactions;
    private readonly Connections _connections;
    private readonly Listeners _listeners;
    private readonly Routing _routing;
    private readonly DnsResolver _resolver;
    private readonly RequestSender _sender;
    private readonly Refreshes? _refreshes;
    private readonly uint _run = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <param name="events">Resolved at the start, since who hears the events may need the edge.</param>
    /// <param name="accounts">Whose registrations it may refresh by itself, by what <paramref name="digest"/> says; null: nobody's.</param>
    public SipEdge(
        IOptions<SipEdgeOptions> options, Lazy<ISipEdgeEvents> events, TimeProvider clock, ILogger<SipEdge> log, ISipAccounts? accounts = null, DigestAuthenticator? digest = null)
    {
        var settings = options.Value;
        Id = settings.Id;
        _metrics = new(() => _transactions?.Servers.Count ?? 0, () => _transactions?.Clients.Count ?? 0, () => _connections?.Count ?? 0);
        _guard = new(settings.Defence, _metrics, log, clock);
        var failures = new RateLimit(clock, TimeSpan.FromSeconds(1));
        _wheel = new(clock, e =>
        {
            if (failures.TryPass(out var count)) Log.TimerFailed(log, count, e);
        });
        var context = new Lazy<TransactionContext>(
            () => new(Id, _run, _wheel, settings.Timers, events.Value, _metrics) { Reroute = response => _routing!.ChannelBack(response) });
        _transactions = new(settings, context, sentBy => _listeners!.IsOurs(sentBy), _metrics, log, clock);
        if (accounts is not null && digest is not null) _refreshes = new(Id, accounts, digest, events, _metrics, clock);
        Receiver = new Receiver(_transactions, _refreshes, _guard, _metrics, log, clock);
        var tls = new TlsPolicy(settings, new(settings, Listeners.CertificateHosts(settings), clock, log));
        _connections = new(settings, tls, Receiver, _wheel, _metrics, log, clock);
        _metrics.Gauge("sip.connections.buffered", () => Buffered, "Bytes that messages over 4 KiB which are not whole yet take.");
        _listeners = new(settings, _connections, tls, Receiver, _metrics, log, clock);
        _resolver = new(new(clock), new(new(settings.Dns, clock), new DnsSockets(), settings.Dns, clock, _metrics), settings.Dns, clock);
        var locator = new Locator(_resolver, Abilities, Random.Shared);
        _routing = new(Id, _listeners, _connections, new(locator, settings.Dns, clock, log, LookupQueue.MaxResponses));
        _sender = new(Id, _transactions, _routing, new(locator, settings.Dns, clock, log, LookupQueue.MaxRequests), new(settings.Failover, clock, log), settings.Failover, _metrics);

        EdgeAbilities Abilities() => new(_listeners.Udp(AddressFamily.InterNetwork) is not null, _listeners.Udp(AddressFamily.InterNetworkV6) is not null, settings.TlsPort != 0);
    }

    public string Id { get; }

    /// <summary>Where messages of a channel that is none of ours come in, for tests.</summary>
    internal IReceiver Receiver { get; }

    /// <summary>Bytes in the buffers of long messages, for tests.</summary>
    internal long Buffered => _connections.Buffers.Bytes;

    /// <summary>For tests of what is counted.</summary>
    internal SipMetrics Metrics => _metrics;

    /// <summary>Transactions of either kind, for tests of what is left over.</summary>
    internal (int Servers, int Clients, int Timers) Open => (_transactions.Servers.Count, Clients.Count, _wheel.Count);

    private ClientTransactions Clients => _transactions.Clients;

    public string Address(SipTransport transport) => _listeners.Address(transport);

    public string Address(SipFlow flow) =>
        _listeners.Address(flow.Transport, IPEndPoint.TryParse(flow.Remote, out var remote) ? remote.AddressFamily : AddressFamily.Unspecified);

    /// <exception cref="InvalidOperationException">An address can't be bound; says which and why.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _transactions.Context;
        _listeners.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        _resolver.Dispose();
        _listeners.Dispose();
        await _connections.DisposeAsync();
        _refreshes?.Dispose();
        _wheel.Dispose();
        _metrics.Dispose();
    }

    public Task Run(WebSocket socket, IPEndPoint remote, bool isSecure, CancellationToken stop) =>
        _connections.Run(socket, remote, isSecure ? SipTransport.Wss : SipTransport.Ws, stop);

    public void Claim(string transaction, string owner) => Find(transaction)?.Claim(owner);

    public void Respond(string transaction, SipResponse response) => Find(transaction)?.Respond(response);

    public void Send(string transaction, SipRequest request, SipFlow? flow, string owner) => _sender.Send(transaction, request, flow, owner);

    public void Acknowledge(string transaction, SipRequest ack, SipFlow? flow) => _sender.Acknowledge(transaction, ack, flow);

    public void Cancel(string transaction) => _sender.Cancel(transaction);

    public void Report(SipFlow flow, Offence offence)
    {
        if (SourceKey.TryOf(flow, out var source)) _guard.OnOffence(source, offence);
    }

    public void Watch(SipFlow flow, string owner)
    {
        if (flow.Transport == SipTransport.Udp || _connections.Find(flow.Connection)?.TryAddOwner(owner) == true) return;
        _transactions.Context.Events.OnFlowClosed(new(Id, flow, [owner]));
    }

    public void Remember(SipRegistration registration) => _refreshes?.Remember(registration);

    public void Forget(string owner) => _refreshes?.Forget(owner);

    public void RestoreServer(string transaction, SipRequest invite, SipFlow flow, string owner)
    {
        if (Find(transaction) is not null || !TransactionKey.TryMake(invite, "INVITE"u8, out var key) || _routing.ChannelBack(invite, flow) is not { } channel) return;

        var restored = new ServerTransaction(_transactions.Context, _transactions.Servers, key, isInvite: true, channel) { Name = transaction };
        if (_transactions.Servers.TryRestore(restored)) restored.Restore(invite, owner);
    }

    public void RestoreClient(string transaction, SipRequest invite, SipFlow? flow, string owner, string? branch = null) =>
        _sender.Restore(transaction, TransactionKey.AttemptOf(transaction, branch), invite, flow, owner);

    private ServerTransaction? Find(string name) =>
        !TransactionKey.TryReadName(name, out var run, out var key) ? null : run == _run ? _transactions.Servers.Find(key) : _transactions.Servers.FindRestored(name);
}
