using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>All connections of an edge, TCP, TLS and WebSocket: those it accepts and those it makes.</summary>
internal sealed class Connections(SipEdgeOptions options, TlsPolicy tls, IReceiver receiver, TimerWheel wheel, SipMetrics metrics, ILogger log, TimeProvider clock) : IAsyncDisposable
{
    private const int Backlog = 1024;
    private const int MaxAliases = 16;

    private readonly List<(Socket Socket, Task Accepting)> _listeners = [];
    private readonly ConcurrentDictionary<long, Connection> _connections = new();
    private readonly ConcurrentDictionary<Destination, Connection> _byRemote = new();
    private readonly ConcurrentDictionary<IPAddress, int> _perAddress = new();
    private readonly ConcurrentDictionary<Connection, Task> _running = new();
    private readonly RateLimit _full = new(clock, TimeSpan.FromSeconds(10));
    private readonly RateLimit _errors = new(clock, TimeSpan.FromSeconds(10));
    private long _lastId = clock.GetUtcNow().ToUnixTimeMilliseconds() << 20; // no number of a former run comes again
    private volatile bool _isClosed;

    public SipEdgeOptions Options => options;

    public ReceiveBuffers Buffers { get; } = new(options.MaxBufferedBytes);

    public TlsPolicy Tls => tls;

    public IReceiver Receiver => receiver;

    public TimerWheel Wheel => wheel;

    public SipMetrics Metrics => metrics;

    public int Count => _connections.Count;

    /// <summary>Binds an address; <see cref="Start"/> accepts.</summary>
    /// <exception cref="SocketException">It can't be bound.</exception>
    public static Socket Bind(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(local);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Start(Socket listener, SipTransport transport) => _listeners.Add((listener, Accept(listener, transport)));

    public Connection? Find(long id) => _connections.GetValueOrDefault(id);

    /// <summary>An open connection with this peer (RFC 5923), or a new one, which queues until it stands. Null when there are too many, or no more sockets.</summary>
    public Connection? ConnectionTo(Destination way)
    {
        if (_byRemote.TryGetValue(way, out var open) && open.IsOpen) return open;

        Socket socket;
        try
        {
            socket = new(way.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException e)
        {
            if (_errors.TryPass(out var count)) Log.SocketFailed(log, count, way.Transport, e.Message); // out of descriptors, most likely
            return null;
        }

        var connection = new StreamConnection(this, way.Transport, socket, way.EndPoint, NextId(), way.Host.Length > 0 ? way.Host : way.EndPoint.Address.ToString());
        return TryAdd(connection, way) ? connection : null;
    }

    /// <summary>Speaks over a WebSocket until it ends.</summary>
    public async Task Run(WebSocket socket, IPEndPoint remote, SipTransport transport, CancellationToken stop)
    {
        if (!receiver.Admits(remote.Address)) return;

        var connection = new WebSocketConnection(this, socket, transport, remote, NextId());
        if (!TryAdd(connection, way: null)) return;
        await using var _ = stop.Register(() => connection.Close("the server stops"));
        if (_running.TryGetValue(connection, out var running)) await running;
    }

    /// <summary>What is sent to this port of the peer, by a name that its certificate has, goes down its connection from now on. Once for each.</summary>
    public void Alias(Connection connection, int port)
    {
        if (connection.Ways.IsEmpty) Add(connection, [.. connection.PeerNames.Take(MaxAliases).Select(name => new Destination(connection.Flow.Transport, new(connection.Remote.Address, port), name))]);
    }

    public void Closed(Connection connection, IReadOnlyCollection<ClientTransaction> waiting, string reason)
    {
        _connections.TryRemove(connection.Flow.Connection, out _);
        foreach (var way in connection.Ways) _byRemote.TryRemove(KeyValuePair.Create(way, connection));
        _perAddress.AddOrUpdate(connection.Remote.Address, 0, static (_, count) => count - 1);
        _perAddress.TryRemove(KeyValuePair.Create(connection.Remote.Address, 0));
        Log.Closed(log, connection.Flow.Connection, connection.Flow.Remote, reason);
        receiver.OnClosed(connection, waiting);
    }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        foreach (var (socket, _) in _listeners) socket.Dispose();
        foreach (var (_, accepting) in _listeners) await accepting;
        foreach (var connection in _connections.Values) connection.Close("the edge stops");
        await Task.WhenAll(_running.Values);
    }

    private async Task Accept(Socket listener, SipTransport transport)
    {
        while (!_isClosed)
        {
            try
            {
                var socket = await listener.AcceptAsync();
                if (socket.RemoteEndPoint is not IPEndPoint remote || !receiver.Admits(remote.Address))
                {
                    socket.Dispose();
                    continue;
                }

                // a TLS peer's name isn't known, so that no request to a name goes there but by its flow
                Destination? way = transport == SipTransport.Tcp ? new(transport, remote) : null;
                TryAdd(new StreamConnection(this, transport, socket, remote, NextId(), host: null), way);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_isClosed) return;
                if (_errors.TryPass(out var count)) Log.SocketFailed(log, count, transport, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock); // out of descriptors, most likely
            }
        }
    }

    private void Add(Connection connection, params ImmutableArray<Destination> ways)
    {
        connection.Ways = ways;
        foreach (var way in ways) _byRemote[way] = connection;
        if (connection.IsOpen) return;
        foreach (var way in ways) _byRemote.TryRemove(KeyValuePair.Create(way, connection));
    }

    private long NextId() => Interlocked.Increment(ref _lastId);

    /// <param name="way">What is sent there may use this connection.</param>
    private bool TryAdd(Connection connection, Destination? way)
    {
        var count = _perAddress.AddOrUpdate(connection.Remote.Address, 1, static (_, count) => count + 1);
        _connections[connection.Flow.Connection] = connection;
        if (_connections.Count > options.MaxConnections || count > options.MaxConnectionsPerAddress || _isClosed)
        {
            if (_full.TryPass(out var refused)) Log.Full(log, refused, "connections");
            connection.Close("too many connections");
            return false;
        }

        if (way is { } known) Add(connection, known);
        var running = connection.Run();
        _running[connection] = running;
        running.ContinueWith(_ => _running.TryRemove(connection, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }
}
