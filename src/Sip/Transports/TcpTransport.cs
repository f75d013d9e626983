using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>All TCP connections of an edge: those it accepts and those it makes.</summary>
internal sealed class TcpTransport(SipEdgeOptions options, IReceiver receiver, TimerWheel wheel, SipMetrics metrics, ILogger log, TimeProvider clock) : IAsyncDisposable
{
    private const int Backlog = 1024;

    private readonly List<(Socket Socket, Task Accepting)> _listeners = [];
    private readonly ConcurrentDictionary<long, TcpConnection> _connections = new();
    private readonly ConcurrentDictionary<IPEndPoint, TcpConnection> _byRemote = new();
    private readonly ConcurrentDictionary<IPAddress, int> _perAddress = new();
    private readonly ConcurrentDictionary<TcpConnection, Task> _running = new();
    private readonly RateLimit _full = new(clock, TimeSpan.FromSeconds(10));
    private readonly RateLimit _errors = new(clock, TimeSpan.FromSeconds(10));
    private long _lastId = clock.GetUtcNow().ToUnixTimeMilliseconds() << 20; // no number of a former run comes again
    private volatile bool _isClosed;

    public SipEdgeOptions Options => options;

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

    public void Start(Socket listener) => _listeners.Add((listener, Accept(listener)));

    public TcpConnection? Find(long id) => _connections.GetValueOrDefault(id);

    /// <summary>An open connection with this address, or a new one, which queues until it stands. Null when there are too many.</summary>
    public TcpConnection? ConnectionTo(IPEndPoint remote)
    {
        if (_byRemote.TryGetValue(remote, out var open) && open.IsOpen) return open;
        return Add(new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp), remote);
    }

    public void Closed(TcpConnection connection, IReadOnlyCollection<ClientTransaction> waiting, string reason)
    {
        _connections.TryRemove(connection.Flow.Connection, out _);
        _byRemote.TryRemove(KeyValuePair.Create(connection.Remote, connection));
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

    private async Task Accept(Socket listener)
    {
        while (!_isClosed)
        {
            try
            {
                var socket = await listener.AcceptAsync();
                if (socket.RemoteEndPoint is IPEndPoint remote) Add(socket, remote);
                else socket.Dispose();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_isClosed) return;
                if (_errors.TryPass(out var count)) Log.SocketFailed(log, count, SipTransport.Tcp, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock); // out of descriptors, most likely
            }
        }
    }

    private TcpConnection? Add(Socket socket, IPEndPoint remote)
    {
        var count = _perAddress.AddOrUpdate(remote.Address, 1, static (_, count) => count + 1);
        var connection = new TcpConnection(this, socket, remote, Interlocked.Increment(ref _lastId));
        _connections[connection.Flow.Connection] = connection;
        if (_connections.Count > options.MaxConnections || count > options.MaxConnectionsPerAddress || _isClosed)
        {
            if (_full.TryPass(out var refused)) Log.Full(log, refused, "connections");
            connection.Close("too many connections");
            return null;
        }

        _byRemote[remote] = connection;
        var running = connection.Run();
        _running[connection] = running;
        running.ContinueWith(_ => _running.TryRemove(connection, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return connection;
    }
}
