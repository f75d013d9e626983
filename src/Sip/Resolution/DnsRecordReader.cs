using System.Buffers.Binary;
using System.Net;

namespace Telephony.Sip;

/// <summary>Reads records (RFC 1035 §3.2.1).</summary>
internal static class DnsRecordReader
{
    /// <summary>Reads the record at a place, and moves behind it.</summary>
    /// <param name="record">Null when it is of another kind, or its data is not what its kind asks for.</param>
    /// <returns>False when the message ends before the record does.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out DnsRecord? record)
    {
        record = null;
        var start = at;
        if (!DnsName.TrySkip(message, ref at) || at + 10 > message.Length) return false;

        var fixedPart = message.Slice(at, 10);
        var data = at + 10;
        var length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
        if (data + length > message.Length) return false;

        at = data + length;
        if (BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]) != DnsHeader.ClassIn || !DnsName.TryRead(message, start, out var name)) return true;

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
        record = Data(message[..at], data, type, name, Seconds(fixedPart[4..]));
        return true;
    }

    // the message ends with the record, so that nothing is read from behind it
    private static DnsRecord? Data(ReadOnlySpan<byte> message, int at, DnsType type, string name, TimeSpan ttl)
    {
        var data = message[at..];
        switch (type)
        {
            case DnsType.A when data.Length == 4:
            case DnsType.Aaaa when data.Length == 16:
                return new AddressRecord(name, ttl, new IPAddress(data));
            case DnsType.Cname:
                return TryReadLast(message, at, out var alias) ? new AliasRecord(name, ttl, alias) : null;
            case DnsType.Srv when data.Length > 6:
                return TryReadLast(message, at + 6, out var target) ? new ServiceRecord(name, ttl, Number(data), Number(data[2..]), Number(data[4..]), target) : null;
            case DnsType.Naptr when data.Length > 4:
                var order = Number(data);
                var preference = Number(data[2..]);
                at += 4;
                return TryReadText(message, ref at, out var flags) && TryReadText(message, ref at, out var services) && TryReadText(message, ref at, out var regexp)
                    && TryReadLast(message, at, out var replacement)
                    ? new PointerRecord(name, ttl, order, preference, flags, services, regexp, replacement)
                    : null;
            case DnsType.Soa:
                // RFC 2308 §5: the lesser of MINIMUM and the record's own TTL
                return DnsName.TrySkip(message, ref at) && DnsName.TrySkip(message, ref at) && message.Length - at == 20 && Seconds(message[(at + 16)..]) is var minimum
                    ? new AuthorityRecord(name, ttl, minimum < ttl ? minimum : ttl)
                    : null;
            default:
                return null;
        }
    }

    private static int Number(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt16BigEndian(data);

    // RFC 2181 §8: over 2^31 is 0
    private static TimeSpan Seconds(ReadOnlySpan<byte> data) => TimeSpan.FromSeconds(Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(data)));

    // a name that ends where the record does
    private static bool TryReadLast(ReadOnlySpan<byte> message, int at, out string name)
    {
        var end = at;
        name = "";
        return DnsName.TrySkip(message, ref end) && end == message.Length && DnsName.TryRead(message, at, out name);
    }

    // a character-string (RFC 1035 §3.3)
    private static bool TryReadText(ReadOnlySpan<byte> message, ref int at, out string text)
    {
        text = "";
        if (at >= message.Length || at + 1 + message[at] > message.Length) return false;

        var bytes = message.Slice(at + 1, message[at]);
        at += 1 + bytes.Length;
        text = System.Text.Encoding.Latin1.GetString(bytes);
        return true;
    }
}
