using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>A question as it is sent (RFC 1035 §4.1), with an id that nobody can guess (RFC 5452 §4).</summary>
internal sealed class DnsQuery
{
    /// <summary>The largest datagram that we take (RFC 6891 §6.2.3): what no network breaks up.</summary>
    public const int MaxDatagram = 1232;

    private readonly int _questionEnd;

    private DnsQuery(DnsQuestion question, byte[] wire, int questionEnd) => (Question, Wire, _questionEnd) = (question, wire, questionEnd);

    public DnsQuestion Question { get; }

    public ReadOnlyMemory<byte> Wire { get; }

    private ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Wire.Span);

    /// <summary>Writes a question. False when its name is none.</summary>
    /// <param name="isExtended">Whether it says that we take more than 512 bytes (EDNS); some old servers answer a FORMERR to that.</param>
    public static bool TryMake(DnsQuestion question, bool isExtended, [NotNullWhen(true)] out DnsQuery? query)
    {
        query = null;
        Span<byte> wire = stackalloc byte[DnsHeader.Length + DnsName.MaxWire + 4 + 11];
        if (!DnsName.TryWrite(question.Name, wire[DnsHeader.Length..], out var length)) return false;

        DnsHeader.Write(wire, RandomNumberGenerator.GetBytes(2), isExtended);
        var at = DnsHeader.Length + length;
        BinaryPrimitives.WriteUInt16BigEndian(wire[at..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(wire[(at + 2)..], DnsHeader.ClassIn);
        at += 4;
        var end = at;
        if (isExtended)
        {
            // OPT (RFC 6891 §6.1.2): the root's name, the type, our size in place of the class, no flags, no options
            wire[at] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(wire[(at + 1)..], (ushort)DnsType.Opt);
            BinaryPrimitives.WriteUInt16BigEndian(wire[(at + 3)..], MaxDatagram);
            wire.Slice(at + 5, 6).Clear();
            at += 11;
        }

        query = new(question, wire[..at].ToArray(), end);
        return true;
    }

    /// <summary>Whether a message answers this very question (RFC 5452 §9.1); where it came from, the socket has checked.</summary>
    public bool TryAccept(ReadOnlySpan<byte> message, [NotNullWhen(true)] out DnsMessage? answer)
    {
        answer = null;
        return message.Length >= DnsHeader.Length && BinaryPrimitives.ReadUInt16BigEndian(message) == Id
            && DnsMessage.TryRead(message, out answer)
            && (answer.Question == Question || answer.Question is null && answer.Code != DnsCode.NoError); // a server that couldn't read it may leave it out
    }
}
