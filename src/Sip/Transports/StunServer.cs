using System.Buffers.Binary;
using System.Net;

namespace Telephony.Sip;

/// <summary>
/// Answers STUN Binding requests on a SIP port (RFC 8489, as RFC 5626 §4.4.2 and §8 have it), with which UDP phones keep their NAT's mapping and see it change. Without
/// authentication, and no more often than <see cref="PerSecond"/> for addresses that share a bucket. For one thread.
/// </summary>
internal sealed class StunServer(TimeProvider clock)
{
    /// <summary>Answers to one bucket of addresses. Phones ask every 20 to 30 s, so it is enough for thousands behind one NAT.</summary>
    public const int PerSecond = 200;

    /// <summary>The most that an answer takes.</summary>
    public const int MaxAnswer = 96;

    private const int HeaderLength = 20, Buckets = 4096, MaxUnknown = 8;
    private const uint Cookie = 0x2112A442;

    private readonly int[] _counts = new int[Buckets];
    private readonly int _seed = Random.Shared.Next();
    private long _second;

    /// <summary>Whether it is STUN at all: SIP begins with a letter, STUN with two zero bits and the cookie behind them (§6.3).</summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength && datagram[0] < 0x40 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == Cookie;

    /// <summary>Writes the answer.</summary>
    /// <returns>Its length; 0 when there is none: not a Binding request, cut off, or too many.</returns>
    public int Answer(ReadOnlySpan<byte> request, IPEndPoint from, Span<byte> answer)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(request) != 0x0001 || BinaryPrimitives.ReadUInt16BigEndian(request[2..]) != request.Length - HeaderLength) return 0;
        Span<ushort> unknown = stackalloc ushort[MaxUnknown];
        if (!TryFindUnknown(request[HeaderLength..], unknown, out var count) || !TryCount(from.Address)) return 0;

        request[..HeaderLength].CopyTo(answer);
        var length = HeaderLength;
        if (count == 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(answer, 0x0101);
            length += WriteAddress(from, request[4..HeaderLength], answer[HeaderLength..]);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(answer, 0x0111);
            length += WriteUnknown(unknown[..count], answer[HeaderLength..]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)(length - HeaderLength));
        return length;
    }

    // comprehension-required ones (§14) that we don't know; those of authentication are known, and not needed
    private static bool TryFindUnknown(ReadOnlySpan<byte> attributes, Span<ushort> unknown, out int count)
    {
        count = 0;
        while (!attributes.IsEmpty)
        {
            if (attributes.Length < 4) return false;
            var type = BinaryPrimitives.ReadUInt16BigEndian(attributes);
            var length = 4 + ((BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]) + 3) & ~3);
            if (length > attributes.Length) return false;
            if (type < 0x8000 && type is not (0x0006 or 0x0008 or 0x0014 or 0x0015 or 0x001C or 0x001D or 0x001E) && count < unknown.Length) unknown[count++] = type;
            attributes = attributes[length..];
        }

        return true;
    }

    // XOR-MAPPED-ADDRESS (§14.2)
    private static int WriteAddress(IPEndPoint from, ReadOnlySpan<byte> mask, Span<byte> to)
    {
        Span<byte> address = stackalloc byte[16];
        from.Address.TryWriteBytes(address, out var size);
        BinaryPrimitives.WriteUInt16BigEndian(to, 0x0020);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)(4 + size));
        to[4] = 0;
        to[5] = (byte)(size == 4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], (ushort)(from.Port ^ (Cookie >> 16)));
        for (var i = 0; i < size; i++) to[8 + i] = (byte)(address[i] ^ mask[i]);
        return 8 + size;
    }

    // ERROR-CODE 420 and UNKNOWN-ATTRIBUTES (§14.8, §14.9)
    private static int WriteUnknown(ReadOnlySpan<ushort> types, Span<byte> to)
    {
        ReadOnlySpan<byte> error = [0x00, 0x09, 0, 21, 0, 0, 4, 20, .. "Unknown Attribute"u8, 0, 0, 0, 0x00, 0x0A];
        error.CopyTo(to);
        BinaryPrimitives.WriteUInt16BigEndian(to[error.Length..], (ushort)(types.Length * 2));
        var length = error.Length + 2;
        foreach (var type in types)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[length..], type);
            length += 2;
        }

        if (types.Length % 2 == 0) return length;
        to[length..(length + 2)].Clear();
        return length + 2;
    }

    private bool TryCount(IPAddress address)
    {
        var second = clock.GetTimestamp() / clock.TimestampFrequency;
        if (second != _second)
        {
            _second = second;
            Array.Clear(_counts);
        }

        return ++_counts[(uint)HashCode.Combine(_seed, address) % Buckets] <= PerSecond;
    }
}
