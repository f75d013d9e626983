using System.Buffers.Binary;
using Telephony.Media.Sdp;

namespace Telephony.Media.Audio;

/// <summary>
/// Tells of each digit that a peer sends as telephone-events (RFC 4733) once, when it begins, whether the leg is relayed or not. On the leg's packet thread.
/// </summary>
internal sealed class DigitWatch(string leg, IAudioEvents events)
{
    private bool[] _types = new bool[128];
    private bool _hasEvent;
    private uint _timestamp;
    private byte _number;
    private bool _isHeld;

    /// <summary>By this agreement from now on. From any thread.</summary>
    public void Apply(StreamAgreement agreement)
    {
        var types = new bool[128];
        foreach (var format in agreement.TelephoneEvents) types[format.ReceivePayloadType & 0x7f] = true;
        Volatile.Write(ref _types, types);
    }

    /// <summary>A packet of the peer.</summary>
    public void Hear(byte payloadType, bool marker, uint timestamp, ReadOnlySpan<byte> payload)
    {
        if (!Volatile.Read(ref _types)[payloadType & 0x7f] || payload.Length < Dtmf.EventLength) return;
        var (number, isEnd) = (payload[0], (payload[1] & 0x80) != 0);
        if (Dtmf.DigitOf(number) is '\0' || (_hasEvent && (int)(timestamp - _timestamp) < 0)) return;
        var isSame = _hasEvent && timestamp == _timestamp;
        var isNextSegment = !isSame && _isHeld && number == _number && !marker && BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) > 0 && IsNextSegment(timestamp);
        if (!isSame && !isNextSegment) events.Raise(leg, MediaEventKind.DtmfPressed, digit: Dtmf.DigitOf(number));
        (_hasEvent, _timestamp, _number, _isHeld) = (true, timestamp, number, !isEnd);
    }

    // a segment is as long as its duration can say (§2.5.1.3), or nearly
    private bool IsNextSegment(uint timestamp) => timestamp - _timestamp is > 0xf000 and <= 0xffff;
}
