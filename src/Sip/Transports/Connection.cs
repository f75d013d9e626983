using System.Collections.Immutable;
using System.ComponentModel;
using System.Net;
using System.Security.Authentication;

namespace Telephony.Sip;

/// <summary>One connection: hands over the messages that it reads, answers keep-alives, writes what is queued. Accepted, or made by us.</summary>
internal abstract class Connection : Channel, IDisposable
{
    protected const string EndedByPeer = "closed by the peer";
    protected const string TooMuch = "there was no room for its message";
    protected const string NotSip = "it sent something else than SIP";

    private readonly Connections _connections;
    private readonly SendQueue _queue;
    private readonly HashSet<ClientTransaction> _waiting = [];
    private HashSet<string>? _owners;
    private readonly IdleTimer _idle;
    private readonly Lock _lock = new();
    private bool _mayBeSilent;
    private TaskCompletionSource<bool>? _opening;
    private bool _isOpened;
    private bool _isClosed;

    protected Connection(Connections connections, SipTransport transport, IPEndPoint remote, long id) : base(remote)
    {
        _connections = connections;
        _queue = new(connections.Options.MaxQueuedBytes);
        _idle = new(this);
        Flow = new(transport, remote.ToString(), id, connections.Options.Id);
    }

    public override SipFlow Flow { get; }

    public override bool IsOpen => !_isClosed;

    /// <summary>Ends when it stands, true, or came to nothing.</summary>
    public Task<bool> Opened
    {
        get
        {
            lock (_lock)
            {
                if (_isOpened || _isClosed) return Task.FromResult(!_isClosed);
                return (_opening ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>What is sent there may use this connection; empty when it is found by its flow alone.</summary>
    public ImmutableArray<Destination> Ways { get; set; } = [];

    /// <summary>Whom the certificate names that a TLS peer has shown and that was verified.</summary>
    public IReadOnlyList<string> PeerNames { get; protected set; } = [];

    /// <summary>The peer wants requests to <paramref name="port"/> of its address sent here (RFC 5923 §5): only to whom its certificate names, so that nobody takes another's.</summary>
    public void Alias(int port) => _connections.Alias(this, port);

    /// <summary>Whether a whole message ever came, so that somebody may know of this flow.</summary>
    public bool WasUsed { get; private set; }

    public override bool TrySend(ReadOnlyMemory<byte> message)
    {
        if (_queue.TryAdd(message, out var isFull)) return true;

        // not here: the caller may hold its transaction's lock, and closing tells others
        if (isFull) ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Close("it reads too slowly"), this, preferLocal: false);
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

    /// <summary>Who is to be told of the end.</summary>
    public IReadOnlyCollection<string> Owners => _owners ?? [];

    /// <returns>False when it has ended.</returns>
    public bool TryAddOwner(string owner)
    {
        lock (_lock)
        {
            if (_isClosed) return false;
            if (_owners is null) _connections.Wheel.Start(_idle, _connections.Options.IdleTimeout);
            (_owners ??= new(1, StringComparer.Ordinal)).Add(owner);
            return true;
        }
    }

    /// <summary>Works until the connection ends. Connects and shakes hands first.</summary>
    public async Task Run()
    {
        var reason = EndedByPeer;
        var writing = Task.CompletedTask;
        try
        {
            Touch(_connections.Options.ConnectTimeout);
            if (await Open()) MayBeSilent();
            SetOpened();
            writing = Write();
            reason = await Read();
            Touch(_connections.Options.ConnectTimeout); // what is queued, as a 400, goes out yet
            _queue.Complete();
            await writing;
            await Finish();
        }
        catch (Exception e) when (IsOutside(e))
        {
            reason = e.Message;
        }
        finally
        {
            Close(reason);
            await writing;
            Dispose();
        }
    }

    public void Close(string reason)
    {
        ClientTransaction[] waiting;
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            _opening?.TrySetResult(false);
            waiting = [.. _waiting];
            _waiting.Clear();
            _connections.Wheel.Stop(_idle);
        }

        _queue.Complete();
        Abort();
        _connections.Closed(this, waiting, reason);
    }

    /// <summary>Frees what reading and writing needed.</summary>
    public abstract void Dispose();

    /// <summary>Makes it ready to read and write.</summary>
    /// <returns>Whether we made the connection, so that its peer need not speak first.</returns>
    protected abstract Task<bool> Open();

    /// <summary>Hands over messages until there are no more.</summary>
    /// <returns>Why there are no more.</returns>
    protected abstract Task<string> Read();

    /// <summary>Writes one message. Called by one at a time.</summary>
    protected abstract ValueTask Send(ReadOnlyMemory<byte> message);

    /// <summary>Says good-bye, when everything is written.</summary>
    protected abstract Task Finish();

    /// <summary>Ends whatever is under way. Any thread may call it.</summary>
    protected abstract void Abort();

    /// <summary>Hands a whole message over.</summary>
    /// <returns>False when it is none.</returns>
    protected bool Receive(Span<byte> message)
    {
        if (!_connections.Receiver.OnMessage(message, this)) return false;
        WasUsed = true;
        MayBeSilent();
        return true;
    }

    /// <summary>A keep-alive came; a ping gets its pong (RFC 5626 §4.4.1). It doesn't stand for the first message.</summary>
    protected void KeepAlive(bool isPing)
    {
        if (WasUsed) MayBeSilent();
        if (isPing) TrySend("\r\n"u8.ToArray());
    }

    /// <summary>A message has begun, and its rest is not here yet. The first one has its time already.</summary>
    protected void AwaitRest()
    {
        if (_mayBeSilent) Touch(_connections.Options.MessageTimeout);
    }

    private void MayBeSilent()
    {
        _mayBeSilent = true;
        Touch(_owners is null ? _connections.Options.UnregisteredTimeout : _connections.Options.IdleTimeout);
    }

    // what networks and peers do, in the words of sockets, streams, TLS and WebSockets
    private static bool IsOutside(Exception e) => e is Win32Exception or IOException or AuthenticationException or InvalidOperationException or OperationCanceledException;

    private void SetOpened()
    {
        lock (_lock)
        {
            _isOpened = true;
            _opening?.TrySetResult(true);
        }
    }

    private async Task Write()
    {
        try
        {
            await _queue.Write(Send, _connections.Metrics.Sent);
        }
        catch (Exception e) when (IsOutside(e))
        {
            Close(e.Message);
        }
    }

    private void Touch(TimeSpan idle)
    {
        lock (_lock)
        {
            if (!_isClosed) _connections.Wheel.Start(_idle, idle);
        }
    }

    private sealed class IdleTimer(Connection connection) : TimerNode
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
