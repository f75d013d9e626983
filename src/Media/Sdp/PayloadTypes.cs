namespace Telephony.Media.Sdp;

/// <summary>
/// Which payload type means what in one session. Once used, a number never means something else there (RFC 3264 §8.3.2), and what has a number keeps it.
/// </summary>
internal sealed class PayloadTypes
{
    private RtpFormat[] _taken = [];

    /// <summary>Takes note of the peer's numbers, so that ours are the same where they can be.</summary>
    public void Learn(IEnumerable<RtpFormat> formats)
    {
        foreach (var format in formats) Take(format);
    }

    /// <summary>
    /// The format with a number for this session: the one it has, its static one, the one it came with when that is free, or the first free one (RFC 3551 §3, RFC 5761 §4).
    /// Null: all are in use.
    /// </summary>
    /// <param name="used">Those of the description that is being made; the new one is added.</param>
    public RtpFormat? Assign(RtpFormat format, HashSet<byte> used)
    {
        if (Number(format, used) is not { } number) return null;

        var result = (format with { PayloadType = number }).Shared;
        used.Add(number);
        Take(result);
        return result;
    }

    private void Take(RtpFormat format)
    {
        if (!IsTaken(format.PayloadType)) _taken = [.. _taken, format];
    }

    private bool IsTaken(byte number) => Array.Exists(_taken, known => known.PayloadType == number);

    private byte? Number(RtpFormat format, HashSet<byte> used)
    {
        foreach (var known in _taken)
        {
            if (!used.Contains(known.PayloadType) && IsSame(known, format)) return known.PayloadType;
        }

        if (format.Codec?.StaticPayloadType is { } fixedNumber && IsFree(fixedNumber)) return fixedNumber;
        if (RtpFormat.Static(format.PayloadType) is { } known2 ? known2.IsSameEncoding(format) : format.PayloadType is >= 96 and <= 127)
        {
            if (IsFree(format.PayloadType)) return format.PayloadType;
        }

        for (byte number = 96; number <= 127; number++)
        {
            if (IsFree(number)) return number;
        }

        for (byte number = 35; number <= 63; number++)
        {
            if (IsFree(number)) return number;
        }

        return null;

        bool IsFree(byte number) => !IsTaken(number) && !used.Contains(number);
    }

    // the parameters of a codec that we know say what its receiver likes; of others they may say what it is
    private static bool IsSame(RtpFormat one, RtpFormat other) =>
        one.IsSameEncoding(other) && (one.Codec is not null || !one.IsAudio || one.Parameters == other.Parameters);
}
