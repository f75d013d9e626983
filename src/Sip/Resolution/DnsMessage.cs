using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>A response (RFC 1035 §4.1): the records of its answer and authority sections that we understand.</summary>
internal sealed record DnsMessage(DnsHeader Header, DnsQuestion? Question, IReadOnlyList<DnsRecord> Answers, AuthorityRecord? Authority)
{
    private const int MaxRecords = 256;

    public DnsCode Code => Header.Code;

    /// <summary>
    /// Reads a response. False when it is none, or its records don't fill what they say. Records of other kinds, and those whose data is wrong, are left out; so is what a
    /// truncated message doesn't hold.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsMessage? read)
    {
        read = null;
        if (message.Length < DnsHeader.Length) return false;
        var header = DnsHeader.Read(message);
        if (!header.IsResponse || header.Questions > 1) return false;

        var at = DnsHeader.Length;
        DnsQuestion? question = null;
        if (header.Questions == 1)
        {
            if (!DnsName.TryRead(message, at, out var name) || !DnsName.TrySkip(message, ref at) || at + 4 > message.Length) return false;
            if (BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != DnsHeader.ClassIn) return false;
            question = new(name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]));
            at += 4;
        }

        var answers = new List<DnsRecord>();
        AuthorityRecord? authority = null;
        var count = Math.Min(header.Answers + header.Authorities, MaxRecords);
        for (var number = 0; number < count; number++)
        {
            if (!DnsRecordReader.TryRead(message, ref at, out var record))
            {
                if (header.IsTruncated) break;
                return false;
            }

            if (record is null) continue;
            if (number < header.Answers) answers.Add(record);
            else authority ??= record as AuthorityRecord;
        }

        read = new(header, question, answers, authority);
        return true;
    }
}
