using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>A UDP socket and the thread that reads it. Messages are parsed and handed over on that thread; anybody may send.</summary>
internal sealed class UdpListener : IDisposable
{
    private const int ReceiveBuffer = 8 << 20;
    private const int MaxChannels = 262_144; // about 300 bytes each

    private readonly Socket _socket;
    private readonly IReceiver _receiver;
    private readonly SipMetrics _metrics;
    private readonly ILogger _log;
    private readonly RateLimit _errors;
    private readonly StunServer _stun;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<SocketAddress, UdpChannel> _channels = new();
    private volatile bool _isClosed;

    /// <exception cref="SocketException">The address can't be bound.</exception>
    public UdpListener(string edge, IPEndPoint local, IReceiver receiver, SipMetrics metrics, ILogger log, TimeProvider clock)
    {
        Edge = edge;
        _receiver = receiver;
        _metrics = metrics;
        _log = log;
        _errors = new(clock, TimeSpan.FromSeconds(10));
        _stun = new(clock);
        _socket = new(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6) _socket.DualMode = false;
            _socket.ReceiveBufferSize = ReceiveBuffer;
            _socket.SendBufferSize = ReceiveBuffer;
            _socket.Bind(local);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _thread = new(Receive) { IsBackground = true, Name = "SIP UDP " + LocalEndPoint };
    }

    /// <summary>The name of the edge, for its flows.</summary>
    public string Edge { get; }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public void Start() => _thread.Start();

    /// <summary>The way to a peer. Made once and kept, while there are not too many.</summary>
    public UdpChannel ChannelTo(IPEndPoint remote)
    {
        var address = remote.Serialize();
        return _channels.TryGetValue(address, out var channel) ? channel : Add(address, remote);
    }

    public bool TrySend(ReadOnlySpan<byte> message, SocketAddress to)
    {
        if (_isClosed) return false;

        try
        {
            _socket.SendTo(message, SocketFlags.None, to);
            _metrics.Sent.Add(1);
            return true;
        }
        catch (SocketException e)
        {
            if (_errors.TryPass(out var count)) Log.SocketFailed(_log, count, SipTransport.Udp, e.SocketErrorCode.ToString());
            return e.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.WouldBlock; // as good as lost: it will be sent again
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose(); // wakes the thread
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted)) return;
        _thread.Join();
    }

    private void Receive()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(65536, pinned: true);
        var from = new SocketAddress(_socket.AddressFamily);
        while (!_isClosed)
        {
            try
            {
                from.Size = from.Buffer.Length;
                var length = _socket.ReceiveFrom(buffer, SocketFlags.None, from);
                if (!_receiver.Admits(from)) continue;
                if (!_channels.TryGetValue(from, out var channel)) channel = Add(from);
                var datagram = buffer.AsSpan(0, length);
                if (StunServer.IsStun(datagram)) Answer(datagram, channel);
                else _receiver.OnMessage(datagram, channel);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (_isClosed) return;
                if (_errors.TryPass(out var count)) Log.SocketFailed(_log, count, SipTransport.Udp, e.Message); // whatever a datagram does, the next one is read
            }
        }
    }

    private void Answer(ReadOnlySpan<byte> stun, UdpChannel channel)
    {
        Span<byte> answer = stackalloc byte[StunServer.MaxAnswer];
        var length = _stun.Answer(stun, channel.Remote, answer);
        if (length > 0) channel.TrySend(answer[..length]);
        else _metrics.Drop("STUN");
    }

    private UdpChannel Add(SocketAddress from)
    {
        var remote = (IPEndPoint)LocalEndPoint.Create(from);
        return Add(remote.Serialize(), remote);
    }

    private UdpChannel Add(SocketAddress address, IPEndPoint remote)
    {
        if (_channels.Count >= MaxChannels) _channels.Clear(); // they hold nothing that is not made again
        return _channels.GetOrAdd(address, new UdpChannel(this, address, remote));
    }
}
