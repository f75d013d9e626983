namespace Telephony.Sip;

/// <summary>What every message must have, and what may not be wrong in it (RFC 3261 §8.1.1, §8.2, §20).</summary>
internal static class FieldRules
{
    /// <param name="method">A request's; empty for a response.</param>
    public static SipParseError Check(ReadOnlySpan<byte> wire, ReadOnlySpan<HeaderField> fields, ReadOnlySpan<byte> method)
    {
        ulong seen = 0;
        foreach (ref readonly var field in fields)
        {
            if (field.Id == HeaderId.Other) continue;

            var bit = 1ul << (int)field.Id;
            if ((seen & bit) != 0 && HeaderTable.IsSingle(field.Id)) return Bad("More than one ", field.Id);
            seen |= bit;
            if (!IsValid(field.Id, field.ValueIn(wire), method)) return Bad("Bad ", field.Id);
        }

        foreach (var id in (ReadOnlySpan<HeaderId>)[HeaderId.Via, HeaderId.From, HeaderId.To, HeaderId.CallId, HeaderId.CSeq])
        {
            if ((seen & 1ul << (int)id) == 0) return Bad("No ", id);
        }

        return default;
    }

    /// <summary>Whether a response can be made and finds its way: the fields that it copies are there and can be read.</summary>
    public static bool IsAnswerable(ReadOnlySpan<byte> wire, ReadOnlySpan<HeaderField> fields)
    {
        bool via = false, from = false, to = false, callId = false, cseq = false;
        foreach (ref readonly var field in fields)
        {
            var value = field.ValueIn(wire);
            switch (field.Id)
            {
                case HeaderId.Via when !via:
                    var rest = value;
                    if (!Lexer.NextElement(ref rest, out var top) || !ViaView.TryParse(top, out _)) return false;
                    via = true;
                    break;
                case HeaderId.From: from = true; break;
                case HeaderId.To: to = true; break;
                case HeaderId.CallId: callId = true; break;
                case HeaderId.CSeq: cseq = true; break;
            }
        }

        return via && from && to && callId && cseq;
    }

    /// <summary>The declared length; null when there is no such field. The field was checked.</summary>
    public static int? ContentLength(ReadOnlySpan<byte> wire, ReadOnlySpan<HeaderField> fields)
    {
        foreach (ref readonly var field in fields)
        {
            if (field.Id == HeaderId.ContentLength && Lexer.TryNumber(field.ValueIn(wire), int.MaxValue, out var length)) return (int)length;
        }

        return null;
    }

    private static bool IsValid(HeaderId id, ReadOnlySpan<byte> value, ReadOnlySpan<byte> method)
    {
        switch (id)
        {
            case HeaderId.Via:
                return IsListOf(value, static via => ViaView.TryParse(via, out _));
            case HeaderId.From or HeaderId.To:
                return NameAddressView.TryParse(value, out _);
            case HeaderId.Contact:
                return value.SequenceEqual("*"u8) || IsListOf(value, static contact => NameAddressView.TryParse(contact, out _));
            case HeaderId.Route or HeaderId.RecordRoute or HeaderId.Path:
                return IsListOf(value, static route => NameAddressView.TryParse(route, out _));
            case HeaderId.CallId:
                return !value.IsEmpty && !value.ContainsAnyInRange((byte)0, (byte)' ');
            case HeaderId.CSeq:
                return CSeq.TryRead(value, out _, out var named) && (method.IsEmpty || named.SequenceEqual(method));
            case HeaderId.MaxForwards:
                return Lexer.TryNumber(value, 255, out _);
            case HeaderId.Expires or HeaderId.MinExpires:
                return Lexer.TryNumber(value, uint.MaxValue, out _);
            case HeaderId.ContentLength:
                return Lexer.TryNumber(value, int.MaxValue, out _);
            default:
                return true;
        }
    }

    private delegate bool ElementRule(ReadOnlySpan<byte> element);

    private static bool IsListOf(ReadOnlySpan<byte> value, ElementRule rule)
    {
        if (value.IsEmpty || value[^1] == ',') return false;

        while (Lexer.NextElement(ref value, out var element))
        {
            if (!rule(element)) return false;
        }

        return value.IsEmpty;
    }

    private static SipParseError Bad(string what, HeaderId id) => SipParseError.Bad(what + Lexer.Text(HeaderTable.Name(id)));
}
