using System.Buffers.Binary;

namespace Telephony.Media.Rtcp;

/// <summary>A block of an extended report (RFC 3611 §3). A view over received bytes.</summary>
internal readonly ref struct ExtendedBlock
{
    public const byte ReferenceTime = 4, DelaySinceReferenceTime = 5, VoipMetrics = 7;

    private const int HeaderLength = 4, SubBlockLength = 12;

    public required byte Type { get; init; }

    /// <summary>Without its head.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Takes the first block off. False: it is longer than the rest, or not as long as its type says (§4.4, §4.5, §4.7).</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ExtendedBlock block)
    {
        block = default;
        if (rest.Length < HeaderLength) return false;
        var length = HeaderLength + (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) * 4);
        if (length > rest.Length) return false;
        block = new ExtendedBlock { Type = rest[0], Body = rest[HeaderLength..length] };
        rest = rest[length..];
        return block.Type switch
        {
            ReferenceTime => block.Body.Length == 8,
            DelaySinceReferenceTime => block.Body.Length % SubBlockLength == 0,
            VoipMetrics => block.Body.Length == Rtcp.VoipMetrics.Length,
            _ => true,
        };
    }

    public static int WriteReferenceTime(Span<byte> to, NtpTime time)
    {
        WriteHead(to, ReferenceTime, 8);
        BinaryPrimitives.WriteUInt64BigEndian(to[4..], time.Value);
        return HeaderLength + 8;
    }

    /// <summary>One sub-block: how long ago <paramref name="ssrc"/>'s reference time came.</summary>
    public static int WriteDelay(Span<byte> to, uint ssrc, uint lastReference, uint delay)
    {
        WriteHead(to, DelaySinceReferenceTime, SubBlockLength);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], lastReference);
        BinaryPrimitives.WriteUInt32BigEndian(to[12..], delay);
        return HeaderLength + SubBlockLength;
    }

    public static int WriteVoipMetrics(Span<byte> to, in VoipMetrics metrics)
    {
        WriteHead(to, VoipMetrics, Rtcp.VoipMetrics.Length);
        metrics.Write(to[HeaderLength..]);
        return HeaderLength + Rtcp.VoipMetrics.Length;
    }

    /// <summary>A sub-block of <see cref="DelaySinceReferenceTime"/>: whose reference time it is about, that time's middle, and how long ago it came (§4.5).</summary>
    public static (uint Ssrc, uint Reference, uint Delay) TakeDelay(ref ReadOnlySpan<byte> body)
    {
        var read = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]), BinaryPrimitives.ReadUInt32BigEndian(body[8..]));
        body = body[SubBlockLength..];
        return read;
    }

    private static void WriteHead(Span<byte> to, byte type, int length)
    {
        (to[0], to[1]) = (type, 0);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)(length / 4));
    }
}
