using System.Collections.Concurrent;
using System.Globalization;
using Telephony.Media.Codecs;

namespace Telephony.Media.Sdp;

/// <summary>A format of a stream: a payload type, what its rtpmap says (RFC 8866 §6.6), and its fmtp (§6.15).</summary>
/// <param name="Name">As the peer spells it; compared without regard to case.</param>
/// <param name="Clock">Ticks a second of RTP timestamps. For G.722 8000, whatever the peer says (RFC 3551 §4.5.2).</param>
/// <param name="Parameters">Empty: none.</param>
internal sealed record RtpFormat(byte PayloadType, string Name, int Clock, int Channels, string Parameters)
{
    /// <summary>Digits and other signs (RFC 4733).</summary>
    public bool IsTelephoneEvent => Name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 3389.</summary>
    public bool IsComfortNoise => Name.Equals("CN", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sound by itself. What repairs or signals beside it names payload types of its own description, so that it can't go on to another one.</summary>
    public bool IsAudio => !IsTelephoneEvent && !IsComfortNoise && !Helpers.Contains(Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: unknown here.</summary>
    public AudioCodec? Codec => AudioCodecs.Find(Name, Clock, Channels);

    private static readonly string[] Helpers = ["red", "rtx", "ulpfec", "parityfec", "flexfec", "flexfec-03", "tone", "t140c"];

    public bool IsSameEncoding(RtpFormat other) =>
        Clock == other.Clock && Channels == other.Channels && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    private const int MaxShared = 1024;

    // nearly all phones have the same few, and each leg keeps some
    private static readonly ConcurrentDictionary<RtpFormat, RtpFormat> AllShared = new();

    /// <summary>An equal one that others use too, as far as there is room.</summary>
    public RtpFormat Shared => AllShared.TryGetValue(this, out var shared) ? shared : AllShared.Count < MaxShared ? AllShared.GetOrAdd(this, this) : this;

    /// <summary>The value of <c>a=rtpmap</c> behind the payload type. Null: it is not one.</summary>
    public static RtpFormat? Parse(byte payloadType, string value, string parameters)
    {
        var fields = value.Trim().Split('/');
        if (fields.Length is < 2 or > 3 || fields[0].Length is 0 or > 64 || !fields[0].All(IsToken)) return null;
        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var clock) || clock is < 1000 or > 1_000_000) return null;

        var channels = 1;
        if (fields.Length == 3 && (!int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out channels) || channels is < 1 or > 64)) return null;
        if (fields[0].Equals("G722", StringComparison.OrdinalIgnoreCase)) clock = 8000;
        return new RtpFormat(payloadType, fields[0], clock, channels, parameters);
    }

    /// <summary>As in <c>a=rtpmap</c>.</summary>
    public string Map => Channels == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {Name}/{Clock}")
        : string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {Name}/{Clock}/{Channels}");

    /// <summary>What a payload type means without an rtpmap (RFC 3551 §6). Null: nothing.</summary>
    public static RtpFormat? Static(byte payloadType, string parameters = "") => payloadType switch
    {
        0 => new(0, "PCMU", 8000, 1, parameters),
        3 => new(3, "GSM", 8000, 1, parameters),
        4 => new(4, "G723", 8000, 1, parameters),
        5 => new(5, "DVI4", 8000, 1, parameters),
        6 => new(6, "DVI4", 16000, 1, parameters),
        7 => new(7, "LPC", 8000, 1, parameters),
        8 => new(8, "PCMA", 8000, 1, parameters),
        9 => new(9, "G722", 8000, 1, parameters),
        10 => new(10, "L16", 44100, 2, parameters),
        11 => new(11, "L16", 44100, 1, parameters),
        12 => new(12, "QCELP", 8000, 1, parameters),
        13 => new(13, "CN", 8000, 1, parameters),
        15 => new(15, "G728", 8000, 1, parameters),
        16 => new(16, "DVI4", 11025, 1, parameters),
        17 => new(17, "DVI4", 22050, 1, parameters),
        18 => new(18, "G729", 8000, 1, parameters),
        _ => null,
    };

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`{|}~".Contains(c, StringComparison.Ordinal); // RFC 8866 §9
}
