using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip;

/// <summary>One TCP connection: reads messages by their Content-Length, answers keep-alives, writes what is queued. Accepted, or made by us.</summary>
internal sealed class TcpConnection : Channel
{
    private const int FirstBuffer = 4096;

    private readonly TcpTransport _transport;
    private readonly Socket _socket;
    private readonly System.Threading.Channels.Channel<ReadOnlyMemory<byte>> _queue =
        System.Threading.Channels.Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new() { SingleReader = true }); // bounded in bytes, below

    private readonly HashSet<ClientTransaction> _waiting = [];
    private readonly IdleTimer _idle;
    private readonly Lock _lock = new();
    private int _queued;
    private bool _isClosed;

    public TcpConnection(TcpTransport transport, Socket socket, IPEndPoint remote, long id) : base(remote)
    {
        _transport = transport;
        _socket = socket;
        _idle = new(this);
        Flow = new(SipTransport.Tcp, remote.ToString(), id, transport.Options.Id);
    }

    public override SipFlow Flow { get; }

    public override bool IsOpen => !_isClosed;

    /// <summary>Whether a whole message ever came, so that somebody may know of this flow.</summary>
    public bool WasUsed { get; private set; }

    public override bool TrySend(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_isClosed) return false;
            if (_queued + message.Length <= _transport.Options.MaxQueuedBytes)
            {
                _queued += message.Length;
                return _queue.Writer.TryWrite(message);
            }
        }

        // not here: the caller may hold its transaction's lock, and closing tells others
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Close("it reads too slowly"), this, preferLocal: false);
        return false;
    }

    public override void Watch(ClientTransaction transaction)
    {
        lock (_lock)
        {
            if (!_isClosed) _waiting.Add(transaction);
        }
    }

    public override void Unwatch(ClientTransaction transaction)
    {
        lock (_lock) _waiting.Remove(transaction);
    }

    /// <summary>Works until the connection ends. Connects first when it is not yet.</summary>
    public async Task Run()
    {
        var reason = "closed by the peer";
        try
        {
            Touch(_transport.Options.ConnectTimeout);
            if (!_socket.Connected)
            {
                await _socket.ConnectAsync(Remote);
                Touch(_transport.Options.IdleTimeout);
            }

            _socket.NoDelay = true;
            var writing = Write();
            reason = await Read();
            Touch(_transport.Options.ConnectTimeout); // what is queued, as a 400, goes out yet
            _queue.Writer.TryComplete();
            await writing;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            reason = e.Message;
        }
        finally
        {
            Close(reason);
        }
    }

    public void Close(string reason)
    {
        ClientTransaction[] waiting;
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            waiting = [.. _waiting];
            _waiting.Clear();
            _transport.Wheel.Stop(_idle);
        }

        _queue.Writer.TryComplete();
        try
        {
            _socket.Shutdown(SocketShutdown.Both); // or else a pending read makes it a reset
        }
        catch (SocketException)
        {
            // it was not connected (any more)
        }

        _socket.Dispose();
        _transport.Closed(this, waiting, reason);
    }

    private async Task<string> Read()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0) return "closed by the peer";

                length += read;
                var taken = Take(buffer.AsSpan(0, length));
                if (taken < 0) return "it sent something else than SIP";

                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
                if (length < buffer.Length) continue;

                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2); // the framer refuses what is too long
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // hands over all whole messages; -1 when it is not SIP
    private int Take(Span<byte> data)
    {
        var taken = 0;
        while (true)
        {
            var rest = data[taken..];
            switch (StreamFramer.Next(rest, out var length))
            {
                case StreamFramer.Frame.Message:
                    if (!_transport.Receiver.OnMessage(rest[..length], this)) return -1;
                    WasUsed = true;
                    Touch(_transport.Options.IdleTimeout);
                    break;
                case StreamFramer.Frame.KeepAlive:
                    Touch(WasUsed ? _transport.Options.IdleTimeout : null);
                    if (length == 4) TrySend("\r\n"u8.ToArray());
                    break;
                case StreamFramer.Frame.Incomplete:
                    return taken;
                default:
                    _transport.Receiver.OnMessage(rest, this); // answers what can be answered
                    return -1;
            }

            taken += length;
        }
    }

    private async Task Write()
    {
        await foreach (var message in _queue.Reader.ReadAllAsync())
        {
            for (var rest = message; !rest.IsEmpty;) rest = rest[await _socket.SendAsync(rest)..];
            lock (_lock) _queued -= message.Length;
            _transport.Metrics.Sent.Add(1);
        }
    }

    private void Touch(TimeSpan? idle)
    {
        lock (_lock)
        {
            if (!_isClosed && idle is { } time) _transport.Wheel.Start(_idle, time);
        }
    }

    private sealed class IdleTimer(TcpConnection connection) : TimerNode
    {
        public override void Fire(int generation)
        {
            lock (connection._lock)
            {
                if (!IsCurrent(generation)) return;
            }

            connection.Close("it was silent for too long");
        }
    }
}
