using System.Runtime.CompilerServices;
using Telephony.Media.Audio;
using Telephony.Media.Rtp;
using Telephony.Media.Srtp;

namespace Telephony.Media.Relay;

/// <summary>
/// What a leg's peer is sent, one unbroken stream for it whoever feeds it: the SSRC stays, sequence numbers and timestamps go on over hold, transfer and every other
/// change of the feeder, and what a relayed source lost stays a gap, so that the peer's statistics are true (RFC 3550 §5.1). Used by its one feeder's thread at a
/// time (<see cref="IFeeder"/>); the counters may be read by any.
/// </summary>
/// <remarks>
/// The SSRC comes from the leg's name, sequence and timestamp start from the wall clock: a leg that is made anew on another node goes on as well. What is protected
/// starts in the lower half of the sequence numbers, for a peer that lost all before their first wrap would count one too few (RFC 3711 §3.3.1).
/// </remarks>
internal sealed class OutboundStream : IPayloadSender
{
    private const int MinStepMilliseconds = 20;
    private const int HighestStart = 0x3fff, NearWrap = 1000; // sequence numbers

    private readonly LegTransport _transport;
    private readonly TimeProvider _time;
    private long _highest; // sequence number, extended
    private uint _timestamp; // of the packet with that
    private long _at; // when it went
    private object? _source; // whose numbers the offsets are for, and its generation
    private int _generation;
    private long _sequenceOffset, _floor;
    private uint _timestampOffset;
    private bool _isMarkerDue = true, _isResumed;
    private SrtpSender? _protectedBy;

    // written on the feeder's thread, read by any
    private long _packets, _bytes, _payloadBytes, _unsent;
    private long _clockPoint; // the last timestamp, and the millisecond that it went in: 32 bits each
    private int _clock = 8000;
    private int _expectedLoss;

    public OutboundStream(string leg, LegTransport transport, TimeProvider time)
    {
        _transport = transport;
        _time = time;
        Ssrc = Hash(leg);
        var milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
        _highest = (ushort)(milliseconds / MinStepMilliseconds);
        _timestamp = (uint)(milliseconds * 8);
        _at = time.GetTimestamp();
    }

    public uint Ssrc { get; }

    /// <summary>Set by the packet thread, as reports come.</summary>
    public int ExpectedLoss
    {
        get => Volatile.Read(ref _expectedLoss);
        set => Volatile.Write(ref _expectedLoss, value);
    }

    /// <summary>Packets sent, and their bytes with and without head.</summary>
    public long Packets => Volatile.Read(ref _packets);

    public long Bytes => Volatile.Read(ref _bytes);

    public long PayloadBytes => Volatile.Read(ref _payloadBytes);

    /// <summary>Hertz of the timestamps.</summary>
    public int Clock => Volatile.Read(ref _clock);

    /// <summary>What the timestamp is at this moment (RFC 3550 §6.4.1). From any thread.</summary>
    public uint TimestampAt(long now)
    {
        var point = Volatile.Read(ref _clockPoint);
        return (uint)(point >> 32) + (uint)((long)(Milliseconds(now) - (uint)point) * Clock / 1000);
    }

    /// <summary>Packets that the system refused to send.</summary>
    public long Unsent => Volatile.Read(ref _unsent);

    /// <summary>
    /// The feeder is new, or was silent for longer than it counted: the next packet's timestamp follows the last one's by the time that has passed
    /// (its own step is not used), and it is marked.
    /// </summary>
    /// <param name="clock">Hertz of the timestamps.</param>
    public void Resume(int clock, long now)
    {
        _source = null;
        _timestamp += Passed(clock, now);
        _at = now;
        Volatile.Write(ref _clock, clock);
        _isMarkerDue = _isResumed = true;
    }

    /// <summary>Sends a payload that was made here: the next sequence number, and a timestamp that is <paramref name="timestampStep"/> after the last packet's (0: the
    /// same moment, as the later packets of a telephone-event, RFC 4733 §2.5.1.2).</summary>
    /// <param name="now">The time provider's timestamp.</param>
    /// <param name="traffic">Of the feeder's thread.</param>
    [SkipLocalsInit]
    public SendResult Send(ReadOnlySpan<byte> payload, byte payloadType, uint timestampStep, bool marker, long now, Traffic traffic)
    {
        Span<byte> buffer = stackalloc byte[MediaThread.MaxDatagram + MediaThread.Slack];
        if (payload.Length > MediaThread.MaxDatagram - RtpPacket.HeaderLength) return SendResult.Failed;
        var security = SecurityOfNext();
        if (!_isResumed) _timestamp += timestampStep;
        _isResumed = false;
        _highest++;
        _at = now;
        RtpPacket.WriteHead(buffer, marker || _isMarkerDue, payloadType, (ushort)_highest, _timestamp, Ssrc);
        _isMarkerDue = false;
        payload.CopyTo(buffer[RtpPacket.HeaderLength..]);
        return Send(buffer, RtpPacket.HeaderLength + payload.Length, security, traffic);
    }

    /// <summary>
    /// Sends a source's packet on as ours: head rewritten in place, contributing sources, header extension and padding left out, for nothing of these was agreed.
    /// </summary>
    /// <param name="buffer">The packet, and at least <see cref="MediaThread.Slack"/> bytes behind it.</param>
    /// <param name="from">Who feeds; another object than before, or another generation of it, begins at the next sequence number with a marker.</param>
    /// <param name="sequence">From <see cref="InboundStream.TryTake"/>.</param>
    public SendResult Relay(Span<byte> buffer, in RtpPacket packet, long sequence, MediaRoute from, int generation, byte payloadType, bool isEvent, long now, Traffic traffic)
    {
        var security = SecurityOfNext();
        if (_source != from || _generation != generation)
        {
            (_source, _generation) = (from, generation);
            Volatile.Write(ref _clock, from.Plan.Clock);
            _timestampOffset = _timestamp + Passed(from.Plan.Clock, now) - packet.Timestamp;
            _sequenceOffset = _highest + 1 - sequence;
            _floor = _highest + 1;
            (_isMarkerDue, _isResumed) = (true, false);
        }

        var next = sequence + _sequenceOffset;
        if (next < _floor) // older than the change: its number was another's
        {
            traffic.Drop(DropReason.Late);
            return SendResult.Nowhere;
        }

        var timestamp = packet.Timestamp + _timestampOffset;
        if (next > _highest) (_highest, _timestamp, _at) = (next, timestamp, now);
        var marker = packet.Marker || (_isMarkerDue && !isEvent); // an event's marker is its beginning (RFC 4733 §2.4.1)
        if (!isEvent) _isMarkerDue = false;
        var own = buffer[(packet.PayloadStart - RtpPacket.HeaderLength)..];
        RtpPacket.WriteHead(own, marker, payloadType, (ushort)next, timestamp, Ssrc);
        return Send(own, RtpPacket.HeaderLength + packet.PayloadLength, security, traffic);
    }

    // keys whose first packet this is: the peer counts wraps from it on. A stream that ran before keeps its numbers, but steps over a wrap that is near
    private TransportSecurity? SecurityOfNext()
    {
        var security = _transport.Security;
        if (security?.Rtp == _protectedBy) return security;
        _protectedBy = security?.Rtp;
        if (_protectedBy is null || (_packets > 0 && (ushort)_highest < ushort.MaxValue - NearWrap)) return security;
        _highest = _packets == 0 ? _highest & HighestStart : _highest | ushort.MaxValue;
        _source = null; // the numbers of a relayed source are laid on ours anew
        return security;
    }

    private SendResult Send(Span<byte> buffer, int length, TransportSecurity? security, Traffic traffic)
    {
        var result = _transport.SendRtp(buffer, length, security);
        switch (result)
        {
            case SendResult.Sent:
                traffic.Sent(length);
                Volatile.Write(ref _clockPoint, ((long)_timestamp << 32) | Milliseconds(_at));
                _packets++;
                _bytes += length;
                _payloadBytes += length - RtpPacket.HeaderLength;
                break;
            case SendResult.Failed:
                traffic.Drop(DropReason.Unsent);
                _unsent++;
                break;
        }

        return result;
    }

    // since the last packet, at least one packet's worth
    private uint Passed(int clock, long now)
    {
        var milliseconds = Math.Max((long)_time.GetElapsedTime(_at, now).TotalMilliseconds, MinStepMilliseconds);
        return (uint)(milliseconds * clock / 1000);
    }

    private uint Milliseconds(long now) => (uint)(now / (_time.TimestampFrequency / 1000));

    // FNV-1a: the same on every node
    private static uint Hash(string leg)
    {
        var hash = 2166136261;
        foreach (var c in leg) hash = (hash ^ c) * 16777619;
        return hash;
    }
}
