using System.Buffers.Binary;

namespace Telephony.Media.Codecs;

/// <summary>
/// Tells each telephone-event (RFC 4733 §2.5.2) once, whatever is lost, copied or late of it: an event is known by its timestamp, and ends with its first end packet, with the next event,
/// or when nothing came for a while. A long one that goes on in further segments (§2.5.1.3) is one event. Any clock rate.
/// </summary>
/// <param name="clock">Hz of the timestamps.</param>
internal sealed class TelephoneEventReceiver(int clock)
{
    /// <summary>Milliseconds without a packet after which an event is over: three in a row of every 50 ms are lost, and some jitter (§2.5.2.2).</summary>
    public const int Timeout = 200;

    private uint _start; // timestamp of the segment
    private long _before; // duration of the segments before it
    private ushort _segment; // longest duration that was told of it
    private bool _hasBegun; // once: _start means something
    private long _last; // ms: when its last packet came

    /// <summary>Its number: 0 to 15 are the digits 0 to 9, *, #, A to D (§3.2).</summary>
    public byte Event { get; private set; }

    /// <summary>It is going on.</summary>
    public bool IsActive { get; private set; }

    public TimeSpan Duration => TimeSpan.FromMilliseconds((_before + _segment) * 1000.0 / clock);

    /// <summary>Takes a packet. When another event is still active, <paramref name="ended"/> says that it is over now, with what it was.</summary>
    /// <param name="now">Milliseconds of any clock that doesn't go back.</param>
    public EventStep Receive(uint timestamp, ReadOnlySpan<byte> payload, long now, out (byte Event, TimeSpan Duration)? ended)
    {
        ended = null;
        if (payload.Length < 4) return EventStep.None;
        var (number, isEnd, duration) = (payload[0], (payload[1] & 0x80) != 0, BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        if (_hasBegun && timestamp == _start) return Again(number, isEnd, duration, now);
        if (_hasBegun && (int)(timestamp - _start) < 0 && now - _last < 5000) return EventStep.None; // late: of an event that is over

        if (IsActive && number == Event && IsNextSegment(timestamp))
        {
            _before += timestamp - _start;
            (_start, _segment, _last, IsActive) = (timestamp, duration, now, !isEnd);
            return isEnd ? EventStep.Ended : EventStep.Continues;
        }

        if (IsActive) ended = (Event, Duration);
        (Event, _start, _segment, _before, _hasBegun, _last, IsActive) = (number, timestamp, duration, 0, true, now, !isEnd);
        return isEnd ? EventStep.BeganAndEnded : EventStep.Began;
    }

    /// <summary>True: the active event is over now, since its packets stopped without an end.</summary>
    public bool HasTimedOut(long now)
    {
        if (!IsActive || now - _last < Timeout) return false;
        IsActive = false;
        return true;
    }

    private EventStep Again(byte number, bool isEnd, ushort duration, long now)
    {
        if (!IsActive || number != Event) return EventStep.None;
        var hasGrown = duration > _segment;
        _segment = Math.Max(_segment, duration);
        _last = now;
        if (isEnd)
        {
            IsActive = false;
            return EventStep.Ended;
        }

        return hasGrown ? EventStep.Continues : EventStep.None;
    }

    // it begins where the segment before has its longest duration, or near that: senders cut at whole packets
    private bool IsNextSegment(uint timestamp) => _segment >= 0x8000 && timestamp - _start is > 0x8000 and <= 0x1_0000 + 0x2000;
}
