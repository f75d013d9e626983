using System.Buffers.Binary;
using Telephony.Media.Rtcp;
using Telephony.Media.Rtp;

namespace Telephony.Media.Relay;

/// <summary>
/// What a leg's peer sends: which source (SSRC) is speaking, what of it is new, and its statistics (RFC 3550 §6.4.1, A.1, A.3, A.8); and who takes it. On the leg's
/// packet thread but where said otherwise.
/// </summary>
/// <remarks>
/// One source speaks at a time. Another one takes over when the first has been silent for <see cref="SourceSilence"/> and two packets of the new one have come in
/// order (A.1's probation): a phone that changes its SSRC in mid call loses some 40 ms, and whoever forges the peer's address can't push in between its packets.
/// Packets that passed SRTP's check, or come from an address that has just become the peer's, need no such proof.
/// </remarks>
/// <param name="frequency">Of the timestamps that come as <c>now</c>, a second.</param>
internal sealed class InboundStream(long frequency)
{
    private const int MaxDropout = 3000, Window = 64;
    private static readonly TimeSpan SourceSilence = TimeSpan.FromMilliseconds(50);

    private readonly long _sourceSilence = (long)(SourceSilence.TotalSeconds * frequency);
    private MediaRoute[] _routes = [];
    private PacketRing? _tap;
    private int _clock = 8000;

    private bool _hasSource, _hasCandidate, _hasEnded;
    private uint _ssrc, _candidate;
    private ushort _candidateNext;
    private int _resyncNext = -1; // the sequence number that would prove a jump
    private long _highest, _base; // extended by the wraps
    private ulong _seen; // bit n: _highest - n has come
    private long _expectedBefore, _packetsBefore; // of the sources before, or before a jump
    private LossRuns _losses;
    private long _lastArrival;
    private uint _lastTimestamp;
    private int _jitter; // in 16ths of the timestamp's unit

    // written on the packet thread, read by any
    private long _packets, _bytes;

    /// <summary>RTP packets taken and their bytes.</summary>
    public long Packets => Volatile.Read(ref _packets);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When the last packet was taken.</summary>
    public long LastArrival => _lastArrival;

    /// <summary>How many packets there should have been, by the sequence numbers; for all sources.</summary>
    public long Expected => _expectedBefore + (_hasSource ? _highest - _base + 1 : 0);

    /// <summary>Packets of the source that is speaking that should have come and did not (RFC 3550 A.3).</summary>
    public long SourceLost => _highest - _base + 1 - (_packets - _packetsBefore);

    /// <summary>How the losses of all sources were spread.</summary>
    public ref readonly LossRuns Losses => ref _losses;

    /// <summary>Grows when a source begins, or jumps: its numbers have nothing to do with those before.</summary>
    public int Generation { get; private set; }

    /// <summary>The source that is speaking; null before the first packet.</summary>
    public uint? Ssrc => _hasSource ? _ssrc : null;

    /// <summary>The highest sequence number taken, with how often it has wrapped (RFC 3550 §6.4.1).</summary>
    public uint HighestSequence => (uint)_highest;

    /// <summary>In units of <see cref="Clock"/>.</summary>
    public int Jitter => _jitter >> 4;

    public int JitterMicroseconds => (int)(Jitter * 1_000_000L / Clock);

    /// <summary>Hertz of the peer's timestamps. Settable from any thread.</summary>
    public int Clock
    {
        get => Volatile.Read(ref _clock);
        set => Volatile.Write(ref _clock, value);
    }

    /// <summary>Listeners that get the packets as they are. Replaced whole, under the node's lock.</summary>
    public MediaRoute[] Routes
    {
        get => Volatile.Read(ref _routes);
        set => Volatile.Write(ref _routes, value);
    }

    /// <summary>Where each packet is copied to for a thread that needs what is in it. Null: nobody does. Replaced under the node's lock; its reader goes on until
    /// all threads have passed by.</summary>
    public PacketRing? Tap
    {
        get => Volatile.Read(ref _tap);
        set => Volatile.Write(ref _tap, value);
    }

    /// <summary>Whether this packet goes on with the source that was speaking, by its head.</summary>
    public bool IsContinuedBy(ReadOnlySpan<byte> packet) =>
        _hasSource && BinaryPrimitives.ReadUInt32BigEndian(packet[8..]) == _ssrc
        && (short)(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) - (ushort)_highest) is > 0 and < MaxDropout;

    /// <summary>The source has said goodbye: another needs no proof.</summary>
    public void End() => _hasEnded = true;

    /// <summary>Judges a packet of the peer and counts it when it is taken.</summary>
    /// <param name="length">Of the packet as received, for the bytes.</param>
    /// <param name="isTrusted">It has passed SRTP's check, or its address is newly the peer's: another SSRC needs no proof.</param>
    /// <param name="sequence">Its sequence number in the line of its <see cref="Generation"/>.</param>
    /// <param name="reason">Why it is not taken.</param>
    public bool TryTake(in RtpPacket packet, int length, long now, bool isTrusted, out long sequence, out DropReason reason)
    {
        reason = DropReason.Late;
        if (!_hasSource || packet.Ssrc != _ssrc)
        {
            if (_hasSource && !isTrusted && !_hasEnded && !IsProven(packet, now))
            {
                sequence = 0;
                reason = DropReason.Source;
                return false;
            }

            Begin(packet, now);
        }
        else if (!TryPlace(packet, now))
        {
            sequence = 0;
            return false;
        }

        sequence = _highest + (short)(packet.Sequence - (ushort)_highest);
        _packets++;
        _bytes += length;
        Measure(packet, now);
        return true;
    }

    private bool TryPlace(in RtpPacket packet, long now)
    {
        int ahead = (short)(packet.Sequence - (ushort)_highest);
        if (ahead is > 0 and < MaxDropout)
        {
            if (ahead > 1) _losses.Lost(ahead - 1);
            _losses.Received();
            _highest += ahead;
            _seen = (ahead < Window ? _seen << ahead : 0) | 1;
            _resyncNext = -1;
            return true;
        }

        if (ahead is <= 0 and > -Window)
        {
            var bit = 1UL << -ahead;
            if ((_seen & bit) != 0 || _highest + ahead < _base) return false;
            _seen |= bit;
            return true;
        }

        if (packet.Sequence == _resyncNext) // two in order: the source has begun anew
        {
            Begin(packet, now);
            return true;
        }

        _resyncNext = (ushort)(packet.Sequence + 1);
        return false;
    }

    private bool IsProven(in RtpPacket packet, long now)
    {
        var isNext = _hasCandidate && packet.Ssrc == _candidate && packet.Sequence == _candidateNext;
        (_hasCandidate, _candidate, _candidateNext) = (true, packet.Ssrc, (ushort)(packet.Sequence + 1));
        return isNext && now - _lastArrival >= _sourceSilence;
    }

    private void Begin(in RtpPacket packet, long now)
    {
        (_expectedBefore, _packetsBefore) = (Expected, _packets);
        (_hasSource, _ssrc, _hasCandidate, _hasEnded, _resyncNext) = (true, packet.Ssrc, false, false, -1);
        _highest = _base = packet.Sequence;
        _seen = 1;
        (_jitter, _lastArrival, _lastTimestamp) = (0, now, packet.Timestamp);
        Generation++;
    }

    // A.8; packets of one moment (an event's, RFC 4733) say nothing about the way
    private void Measure(in RtpPacket packet, long now)
    {
        var (passed, step) = (now - _lastArrival, (int)(packet.Timestamp - _lastTimestamp));
        _lastArrival = now;
        if (step == 0) return;
        _lastTimestamp = packet.Timestamp;
        if (passed >= frequency || passed < 0) return; // after a pause
        var difference = Math.Abs((passed * Clock / frequency) - step);
        _jitter += (int)Math.Min(difference, Clock) - ((_jitter + 8) >> 4);
    }
}
