namespace Telephony.Media.Codecs;

/// <summary>What the peer asks of the stream it receives (fmtp), and what we choose. Only Opus looks at it.</summary>
internal sealed record EncoderSettings
{
    public static EncoderSettings Default { get; } = new();

    /// <summary>Bits a second, 6,000 to 510,000. 32,000 is full-band speech (RFC 7587 §3.1.1).</summary>
    public int Bitrate { get; init; } = 32_000;

    /// <summary>The highest sample rate that the peer can play (<c>maxplaybackrate</c>): what is above half of it isn't encoded.</summary>
    public int MaxPlaybackRate { get; init; } = 48_000;

    /// <summary>Opus' search effort, 0 to 10. 5 costs 55 % of 10 and is hard to tell from it for speech; see docs/performance.md.</summary>
    public int Complexity { get; init; } = 5;

    /// <summary>Redundancy of the frame before in each packet (<c>useinbandfec</c>), as much as <see cref="IAudioEncoder.ExpectLoss"/> makes worth while.</summary>
    public bool HasFec { get; init; }

    /// <summary>No packets in silence (<c>usedtx</c>).</summary>
    public bool HasDtx { get; init; }

    /// <summary>A constant bit rate (<c>cbr</c>).</summary>
    public bool IsConstantBitrate { get; init; }

    /// <summary>Reads a format's parameters as the peer wrote them (RFC 7587 §6.1, §7). What is unknown, malformed or out of range stays as it is by default.</summary>
    public static EncoderSettings Parse(ReadOnlySpan<char> parameters)
    {
        var settings = Default;
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range];
            var equals = parameter.IndexOf('=');
            if (equals < 0 || !int.TryParse(parameter[(equals + 1)..].Trim(), out var value) || value < 0) continue;

            settings = parameter[..equals].Trim() switch
            {
                var name when Is(name, "maxaveragebitrate") && value is >= 6_000 and <= 510_000 => settings with { Bitrate = Math.Min(value, settings.Bitrate) },
                var name when Is(name, "maxplaybackrate") && value is >= 8_000 and <= 48_000 => settings with { MaxPlaybackRate = value },
                var name when Is(name, "useinbandfec") => settings with { HasFec = value == 1 },
                var name when Is(name, "usedtx") => settings with { HasDtx = value == 1 },
                var name when Is(name, "cbr") => settings with { IsConstantBitrate = value == 1 },
                _ => settings,
            };
        }

        return settings;
    }

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
