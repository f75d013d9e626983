using System.Collections.Immutable;

namespace Telephony.Media.Codecs;

/// <summary>The codecs that we can transcode, and how they are made.</summary>
internal static class AudioCodecs
{
    /// <summary>The most bytes that a packet of 60 ms takes: L16 at 48 kHz. What Opus makes is shorter than an Ethernet frame.</summary>
    public const int MaxPayload = 60 * 48 * 2;

    /// <summary>The most samples that a packet is decoded to: 120 ms at 48 kHz.</summary>
    public const int MaxSamples = 120 * 48;

    public static AudioCodec Pcmu { get; } = new("PCMU", 8000, 8000, 1, 0);
    public static AudioCodec Pcma { get; } = new("PCMA", 8000, 8000, 1, 8);
    public static AudioCodec G722 { get; } = new("G722", 8000, 16_000, 1, 9);
    public static AudioCodec Opus { get; } = new("opus", 48_000, 48_000, 2, null);

    /// <summary>All of them. That one is here does not say that its native library is: see <see cref="IsAvailable"/>.</summary>
    public static ImmutableArray<AudioCodec> All { get; } =
        [Opus, G722, Pcma, Pcmu, new("L16", 8000, 8000, 1, null), new("L16", 16_000, 16_000, 1, null), new("L16", 44_100, 44_100, 1, 11), new("L16", 48_000, 48_000, 1, null)];

    /// <summary>The codec of an rtpmap; null: one that can only be relayed.</summary>
    public static AudioCodec? Find(string encodingName, int clock, int channels)
    {
        foreach (var codec in All)
        {
            if (codec.RtpClock == clock && codec.Channels == channels && codec.Name.Equals(encodingName, StringComparison.OrdinalIgnoreCase)) return codec;
        }

        return null;
    }

    /// <summary>The codec of a payload type without rtpmap (RFC 3551 §6).</summary>
    public static AudioCodec? FindStatic(int payloadType)
    {
        foreach (var codec in All)
        {
            if (codec.StaticPayloadType == payloadType) return codec;
        }

        return null;
    }

    /// <summary>False while the native library that it needs is not installed; <see cref="NativeLibraries"/> has said so then.</summary>
    public static bool IsAvailable(AudioCodec codec) => codec != Opus || NativeLibraries.IsPresent(NativeLibraries.Opus);

    /// <exception cref="ArgumentException">The codec is none of <see cref="All"/>.</exception>
    /// <exception cref="DllNotFoundException">It is not <see cref="IsAvailable">available</see>.</exception>
    public static IAudioEncoder CreateEncoder(AudioCodec codec, EncoderSettings settings) => codec.Name switch
    {
        "PCMU" => new G711Encoder(G711.MuLaw),
        "PCMA" => new G711Encoder(G711.ALaw),
        "G722" => new G722Encoder(),
        "opus" => new OpusEncoder(settings),
        "L16" => new L16Encoder(),
        _ => throw new ArgumentException($"No encoder of {codec.Name}", nameof(codec)),
    };

    /// <inheritdoc cref="CreateEncoder"/>
    public static IAudioDecoder CreateDecoder(AudioCodec codec) => codec.Name switch
    {
        "PCMU" => new G711Decoder(G711.MuLaw),
        "PCMA" => new G711Decoder(G711.ALaw),
        "G722" => new G722Decoder(),
        "opus" => new OpusDecoder(),
        "L16" => new L16Decoder(codec.SampleRate),
        _ => throw new ArgumentException($"No decoder of {codec.Name}", nameof(codec)),
    };
}
