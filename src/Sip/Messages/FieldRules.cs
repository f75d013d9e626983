using System.Numerics;

namespace Telephony.Sip;

/// <summary>What every message must have, and what may not be wrong in it (RFC 3261 §8.1.1, §8.2, §20).</summary>
internal static class FieldRules
{
    private const ulong Needed = 1ul << (int)HeaderId.Via | 1ul << (int)HeaderId.From | 1ul << (int)HeaderId.To | 1ul << (int)HeaderId.CallId | 1ul << (int)HeaderId.CSeq;

    // what is wrong in the words of a reason phrase, made once: who sends garbage shall leave none
    private static readonly string[] Bad = Reasons("Bad "), No = Reasons("No "), MoreThanOne = Reasons("More than one ");

    /// <param name="method">A request's; empty for a response.</param>
    /// <param name="contentLength">What is declared; -1 when nothing is.</param>
    /// <param name="isKnownGood">The fields, by their places, whose values were checked before; CSeq is checked all the same.</param>
    public static SipParseError Check(
        ReadOnlySpan<byte> wire, ReadOnlySpan<HeaderField> fields, ReadOnlySpan<byte> method, out int contentLength, ReadOnlySpan<bool> isKnownGood = default)
    {
        contentLength = -1;
        ulong seen = 0;
        for (var at = 0; at < fields.Length; at++)
        {
            ref readonly var field = ref fields[at];
            if (!HeaderTable.HasRule(field.Id)) continue;

            var bit = 1ul << (int)field.Id;
            if ((seen & bit) != 0 && HeaderTable.IsSingle(field.Id)) return SipParseError.Bad(MoreThanOne[(int)field.Id]);
            seen |= bit;
            if (at < isKnownGood.Length && isKnownGood[at] && field.Id != HeaderId.CSeq) continue;
            if (!IsValid(field.Id, field.ValueIn(wire), method, ref contentLength)) return SipParseError.Bad(Bad[(int)field.Id]);
        }

        return (seen & Needed) == Needed ? default : SipParseError.Bad(No[BitOperations.TrailingZeroCount(Needed & ~seen)]);
    }

    /// <summary>Whether a response finds its way: there is a Via to copy, which is SIP's at least. What else would be copied may be missing (RFC 4475 §3.1.2.1, §3.3.1).</summary>
    public static bool IsAnswerable(ReadOnlySpan<byte> wire, ReadOnlySpan<HeaderField> fields)
    {
        foreach (ref readonly var field in fields)
        {
            if (field.Id != HeaderId.Via) continue;

            var value = field.ValueIn(wire);
            return value.StartsWith("SIP/2.0/"u8) || Lexer.NextElement(ref value, out var top) && ViaView.TryParse(top, out _);
        }

        return false;
    }

    private static bool IsValid(HeaderId id, ReadOnlySpan<byte> value, ReadOnlySpan<byte> method, ref int contentLength)
    {
        switch (id)
        {
            case HeaderId.Via:
                return AreVias(value);
            case HeaderId.From or HeaderId.To:
                return NameAddressView.TryParse(value, out _);
            case HeaderId.Contact:
                return value.SequenceEqual("*"u8) || AreAddresses(value);
            case HeaderId.Route or HeaderId.RecordRoute or HeaderId.Path:
                return AreAddresses(value);
            case HeaderId.CallId:
                return !value.IsEmpty && !value.ContainsAnyInRange((byte)0, (byte)' ');
            case HeaderId.CSeq:
                return CSeq.TryRead(value, out _, out var named) && (method.IsEmpty || named.SequenceEqual(method));
            case HeaderId.MaxForwards:
                return Lexer.TryNumber(value, 255, out _);
            case HeaderId.Expires or HeaderId.MinExpires:
                return Lexer.TryNumber(value, uint.MaxValue, out _);
            case HeaderId.ContentLength:
                if (!Lexer.TryNumber(value, int.MaxValue, out var length)) return false;
                contentLength = (int)length;
                return true;
            default:
                return true;
        }
    }

    private static bool AreVias(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[^1] == ',') return false;

        while (Lexer.NextElement(ref value, out var element))
        {
            if (!ViaView.TryParse(element, out var via) || !via.IsVersion2) return false;
        }

        return value.IsEmpty;
    }

    private static bool AreAddresses(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[^1] == ',') return false;

        while (Lexer.NextElement(ref value, out var element))
        {
            if (!NameAddressView.TryParse(element, out _)) return false;
        }

        return value.IsEmpty;
    }

    private static string[] Reasons(string what) => [.. Enum.GetValues<HeaderId>().Select(id => what + Lexer.Text(HeaderTable.Name(id)))];
}
