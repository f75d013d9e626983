namespace Telephony.Media;

/// <summary>What is done to a leg's audio.</summary>
/// <param name="Muted">Nobody hears its peer, recordings neither; digits are still told.</param>
/// <param name="Gain">How loud its peer is heard: linear, 0 to 8.</param>
/// <param name="DetectTones">Digits are also found in the sound (ITU-T Q.24), not only in telephone-events.</param>
/// <param name="ReportTalking">Tells of <see cref="MediaEventKind.TalkingStarted"/> and <see cref="MediaEventKind.TalkingStopped"/>.</param>
/// <param name="Dtmf">How digits go to its peer.</param>
[GenerateSerializer, Immutable]
public sealed record LegAudio(
    [property: Id(0)] bool Muted = false, [property: Id(1)] float Gain = 1, [property: Id(2)] bool DetectTones = false, [property: Id(3)] bool ReportTalking = false,
    [property: Id(4)] DtmfMode Dtmf = DtmfMode.Auto)
{
    public static LegAudio Default { get; } = new();
}

/// <summary>How digits go to a leg's peer.</summary>
public enum DtmfMode
{
    /// <summary>As telephone-events where agreed, else as tones.</summary>
    Auto,

    /// <summary>RFC 4733; as tones while the peer has not agreed to it.</summary>
    TelephoneEvent,

    /// <summary>As tones.</summary>
    InBand,

    /// <summary>By signalling: the media node tells digits as events and sends none.</summary>
    Info,
}
