using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Telephony.Media.Ice;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media.Dtls;

/// <summary>
/// A leg's ICE and DTLS, which end in its SRTP keys. Checks are answered on the packet thread; datagrams of DTLS go from there, bounded, to the threads of
/// <see cref="Handshakes"/>, who work on the session under its lock.
/// </summary>
internal sealed class DtlsTransport(string leg, LegTransport transport, Handshakes handshakes) : IDatagramHook, IDisposable
{
    /// <summary>How long ICE and DTLS may take together until the leg has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const int MaxArrived = 16, RecordHeader = 13;

    private readonly Lock _lock = new(); // over the session and all that is below it
    private readonly ConcurrentQueue<byte[]> _arrived = new();
    private readonly IceAgent _agent = new(handshakes.Time.TimestampFrequency);
    private int _arrivedCount, _isPosted, _isTimerDue;
    private volatile bool _hasIce, _isConsentLost;
    private PeerAddress? _peer; // of the association

    private DtlsSession? _session;
    private Sdp.Dtls? _agreed;
    private readonly List<IDisposable> _replaced = []; // the threads may still use them
    private long _began;
    private bool _isTold, _hasKeys, _isStopped;

    public string Leg => leg;

    /// <summary>
    /// From now on the session is as agreed here. What stays the same goes on: other ICE credentials are an ICE restart, over which DTLS lasts; another certificate of the
    /// peer, or the other role, is a new association (RFC 8842 §5). Packets go on with the old keys until it has new ones.
    /// </summary>
    /// <param name="described">Where the peer is, when it does no ICE.</param>
    public void Use(Sdp.Dtls agreed, IceCredentials local, IPEndPoint? described)
    {
        lock (_lock)
        {
            if (_isStopped) return;
            _hasIce = agreed.Ice is not null;
            _agent.Use(local);
            if (!_hasIce && described is not null) Volatile.Write(ref _peer, new PeerAddress(described));
            var isSame = _agreed is not null && _agreed.IsActive == agreed.IsActive && _agreed.Remote.SequenceEqual(agreed.Remote);
            _agreed = agreed;
            if (isSame) return;

            _session?.Dispose();
            _session = new DtlsSession(handshakes.Context, agreed.IsActive, Send);
            (_began, _isTold, _hasKeys) = (handshakes.Time.GetTimestamp(), false, false);
            handshakes.SetOpen(this, true);
        }

        Post();
    }

    public bool OnDatagram(Span<byte> datagram, ReadOnlySpan<byte> source, LegTransport _, MediaThread thread) =>
        datagram[0] <= 3 ? OnStun(datagram, source, thread.Now) : datagram[0] is >= 20 and <= 25 && OnDtls(datagram, source);

    /// <summary>It is time to see what must be sent again.</summary>
    public void PostTimer()
    {
        Volatile.Write(ref _isTimerDue, 1);
        Post();
    }

    /// <summary>Does what there is to do. On a thread of <see cref="Handshakes"/>.</summary>
    /// <returns>What the leg's owner is to be told.</returns>
    public (MediaEventKind Kind, string? Why)? Work()
    {
        Volatile.Write(ref _isPosted, 0);
        Interlocked.MemoryBarrier(); // whatever comes from here on posts anew
        lock (_lock)
        {
            var peer = Volatile.Read(ref _peer);
            while (_arrived.TryDequeue(out var datagram))
            {
                Interlocked.Decrement(ref _arrivedCount);
                if (!_isStopped) _session?.Take(datagram);
            }

            if (_isStopped || _session is null) return null;
            if (_session is { IsClient: true, State: DtlsState.Handshaking } && peer is not null) _session.Start();
            if (Interlocked.Exchange(ref _isTimerDue, 0) != 0) _session.OnTimer();
            return Settle(_session);
        }
    }

    /// <summary>Once a second: what the leg's owner is to be told of time that has passed.</summary>
    public (MediaEventKind Kind, string? Why)? Check(long now)
    {
        lock (_lock)
        {
            if (_isStopped || _isTold) return null;
            if (!_hasKeys)
            {
                return handshakes.Time.GetElapsedTime(_began, now) < Limit ? null : Fail(_hasIce && _agent.CheckedAt == 0 ? "no connectivity check has come" : "the DTLS handshake did not end");
            }

            if (!_hasIce) return null;
            if (!_agent.IsConsentOver(now))
            {
                if (!_isConsentLost) return null;
                _isConsentLost = false;
                return (MediaEventKind.TransportReady, null);
            }

            if (_isConsentLost) return null;
            _isConsentLost = true;
            transport.Rtp.Describe(null); // nothing goes where nobody agrees to it any more (RFC 7675 §5.1)
            return (MediaEventKind.TransportFailed, "the peer's checks have stopped");
        }
    }

    /// <summary>Ends it: the peer gets a good-bye, nothing more is taken or sent. From any thread.</summary>
    public void Stop()
    {
        handshakes.SetOpen(this, false);
        lock (_lock)
        {
            if (_isStopped) return;
            _isStopped = true;
            _session?.Close();
            _session?.Dispose();
            _session = null;
        }
    }

    /// <summary>When the threads have passed by, and before the sockets are closed.</summary>
    public void Dispose()
    {
        Stop();
        foreach (var replaced in _replaced) replaced.Dispose();
        _replaced.Clear();
    }

    [SkipLocalsInit]
    private bool OnStun(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source, long now)
    {
        if (!_hasIce) return false;
        Span<byte> answer = stackalloc byte[IceAgent.MaxAnswer];
        var result = _agent.OnDatagram(datagram, source, now, answer, out var length);
        if (length > 0) transport.SendTo(answer[..length], source);
        if (_agent.Nominated is { } nominated && (result == IceResult.Nominated || (_isConsentLost && result == IceResult.Answered)))
        {
            transport.Rtp.Nominate(nominated);
            var isFirst = Volatile.Read(ref _peer) is null;
            Volatile.Write(ref _peer, nominated);
            if (isFirst) Post(); // a client may begin
        }

        return result != IceResult.Dropped;
    }

    // from where a check was good, or without ICE from where packets come; the datagram is copied, for its buffer is the thread's
    private bool OnDtls(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source)
    {
        if (datagram.Length < RecordHeader || datagram[1] != 0xfe) return false;
        if (_hasIce ? !_agent.IsChecked(source) : transport.Rtp.Remote.IsLatched && !transport.Rtp.IsTarget(source)) return false;
        if (Volatile.Read(ref _arrivedCount) >= MaxArrived) return false;

        if (Volatile.Read(ref _peer)?.Is(source) != true) Volatile.Write(ref _peer, new PeerAddress(source));
        Interlocked.Increment(ref _arrivedCount);
        _arrived.Enqueue(datagram.ToArray());
        Post();
        return true;
    }

    private void Post()
    {
        if (Interlocked.Exchange(ref _isPosted, 1) == 0) handshakes.Post(this);
    }

    private (MediaEventKind Kind, string? Why)? Settle(DtlsSession session)
    {
        if (_isTold) return null;
        switch (session.State)
        {
            case DtlsState.Connected when !_hasKeys:
                if (!Fingerprints.Match(_agreed!.Remote, session.PeerFingerprint)) return Fail("the peer's certificate is not the one described");
                if (!session.TryExport(out var send, out var receive)) return Fail("no SRTP suite in common");
                if (transport.Security is { } before) _replaced.Add(before);
                transport.Security = new TransportSecurity(send, receive);
                send.Clear();
                receive.Clear();
                if (!_hasIce && _peer is { } peer) transport.Rtp.Nominate(peer); // it has shown that it is the peer
                handshakes.SetOpen(this, false);
                _hasKeys = true;
                return (MediaEventKind.TransportReady, null);
            case DtlsState.Closed:
                return Fail("the peer has closed it");
            case DtlsState.Failed:
                return Fail("the DTLS handshake failed");
            default:
                return null;
        }
    }

    private (MediaEventKind Kind, string? Why) Fail(string why)
    {
        _session?.Close();
        handshakes.SetOpen(this, false);
        _isTold = true;
        return (MediaEventKind.TransportFailed, why);
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        if (Volatile.Read(ref _peer) is { } peer) transport.SendTo(datagram, peer.Bytes);
    }
}
