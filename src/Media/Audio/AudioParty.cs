using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media.Audio;

/// <summary>What the engine keeps of a leg that is, or was, worked on by an audio thread. Under the node's lock.</summary>
internal sealed class AudioParty(MediaLeg leg, IAudioEvents events)
{
    public MediaLeg Media { get; } = leg;

    public AudioLeg Leg { get; } = new(leg.Name, events);

    public LegInput? Input { get; set; }

    public AudioGroup? Group { get; set; }

    public Seat? Seat { get; set; }

    /// <summary>What <see cref="Seat"/>'s encoder was made for.</summary>
    public EncoderKey? EncoderKey { get; set; }

    public Dictionary<MediaLeg, GainRamp> Ramps { get; } = [];

    public Dictionary<string, RoomMember> Rooms { get; } = new(StringComparer.Ordinal);

    /// <summary>Digits are being sent to it.</summary>
    public bool IsSending { get; set; }

    /// <summary>How many taps hear it.</summary>
    public int Taps { get; set; }

    public int Plays { get; set; }

    /// <summary>Its mix is more than one other leg's packets.</summary>
    public bool MustMix => Rooms.Count > 0 || Plays > 0 || IsSending;

    /// <summary>What its peer says must be decoded for those who hear it.</summary>
    public bool IsChanged => Leg.Settings is { Muted: true } or { Gain: not 1 };
}

/// <summary>Which encoders are the same.</summary>
internal sealed record EncoderKey(Codecs.AudioCodec Codec, string Parameters, int PacketTime, int SampleRate)
{
    public static EncoderKey? Of(StreamAgreement? agreement, int sampleRate) =>
        agreement?.Formats[0] is { Codec: { } codec } format ? new(codec, format.Parameters, agreement.PacketTime, sampleRate) : null;

    public FrameEncoder Make() => new(Codec, Codecs.EncoderSettings.Parse(Parameters), PacketTime, SampleRate);
}
