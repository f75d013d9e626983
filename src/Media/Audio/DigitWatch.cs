using Telephony.Media.Codecs;
using Telephony.Media.Sdp;

namespace Telephony.Media.Audio;

/// <summary>
/// Tells of each digit that a peer sends as telephone-events (RFC 4733) once, when it begins, whether the leg is relayed or not. On the leg's packet thread.
/// </summary>
/// <param name="frequency">Of the time stamps that it is given.</param>
internal sealed class DigitWatch(string leg, long frequency, IAudioEvents events)
{
    private readonly TelephoneEventReceiver _receiver = new(clock: 8000);
    private byte[] _types = [];

    /// <summary>By this agreement from now on. From any thread.</summary>
    public void Apply(StreamAgreement agreement) => Volatile.Write(ref _types, [.. agreement.TelephoneEvents.Select(format => format.ReceivePayloadType)]);

    /// <summary>A packet of the peer.</summary>
    public void Hear(byte payloadType, uint timestamp, ReadOnlySpan<byte> payload, long now)
    {
        if (Array.IndexOf(Volatile.Read(ref _types), payloadType) < 0) return;
        var isNew = _receiver.Receive(timestamp, payload, now / (frequency / 1000), out _) is EventStep.Began or EventStep.BeganAndEnded;
        if (isNew && Dtmf.DigitOf(_receiver.Event) is > '\0' and var digit) events.Raise(leg, MediaEventKind.DtmfPressed, digit: digit);
    }
}
