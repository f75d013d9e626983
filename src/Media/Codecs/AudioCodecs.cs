using System.Collections.Immutable;

namespace Telephony.Media.Codecs;

/// <summary>The codecs that there are.</summary>
internal static class AudioCodecs
{
    /// <summary>All of them, in no order of preference.</summary>
    public static ImmutableArray<AudioCodec> All { get; } =
    [
        new("opus", 48000, 48000, 2, null), new("G722", 8000, 16000, 1, 9), new("PCMU", 8000, 8000, 1, 0), new("PCMA", 8000, 8000, 1, 8),
    ];

    /// <summary>By what an rtpmap says (RFC 8866 §6.6). Null: unknown.</summary>
    public static AudioCodec? Find(string encodingName, int clock, int channels) =>
        All.FirstOrDefault(c => c.RtpClock == clock && c.Channels == channels && c.Name.Equals(encodingName, StringComparison.OrdinalIgnoreCase));
}
