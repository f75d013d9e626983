using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>What a server transaction is found by: a hash of what RFC 3261 §17.2.3 compares.</summary>
internal static class TransactionKey
{
    private static ReadOnlySpan<byte> Cookie => "z9hG4bK"u8;

    /// <summary>Branch, sent-by and method; for clients of RFC 2543, which send no cookie, the fields that they agree on.</summary>
    /// <param name="method">The method to look for: an ACK's and a CANCEL's INVITE is found with <c>INVITE</c>.</param>
    public static bool TryMake(SipMessage message, ReadOnlySpan<byte> method, out UInt128 key) => TryMake(message.View, method, out key);

    /// <inheritdoc cref="TryMake(SipMessage, ReadOnlySpan{byte}, out UInt128)"/>
    public static bool TryMake(in SipView message, ReadOnlySpan<byte> method, out UInt128 key)
    {
        key = default;
        if (!ViaView.TryParse(message.TopVia, out var via)) return false;

        var hash = new SipHash();
        var branch = via.Branch;
        if (branch.StartsWith(Cookie) && branch.Length > Cookie.Length)
        {
            hash.Add(branch);
        }
        else
        {
            hash.Add(message.Value(HeaderId.CallId));
            hash.Add(TagOf(message.Value(HeaderId.From)));
            if (!CSeq.TryRead(message.Value(HeaderId.CSeq), out var number, out _)) return false;
            hash.Add(number);
            hash.Add(branch);
        }

        hash.Add(via.SentBy);
        hash.Add(method);
        key = hash.Finish();
        return true;
    }

    /// <summary>The same request by another way (§8.2.2.2): From tag, Call-ID and CSeq.</summary>
    public static UInt128 Merge(SipMessage message)
    {
        var hash = new SipHash();
        hash.Add(message.Value(HeaderId.CallId));
        hash.Add(TagOf(message, HeaderId.From));
        hash.Add(message.Value(HeaderId.CSeq));
        return hash.Finish();
    }

    /// <summary>What a 2xx and its ACK have in common (§13.2.2.4): Call-ID, both tags and the CSeq's number.</summary>
    public static UInt128 Ack(SipMessage message)
    {
        var hash = new SipHash();
        hash.Add(message.Value(HeaderId.CallId));
        hash.Add(TagOf(message, HeaderId.From));
        hash.Add(TagOf(message, HeaderId.To));
        CSeq.TryRead(message.Value(HeaderId.CSeq), out var number, out _);
        hash.Add(number);
        return hash.Finish();
    }

    /// <summary>A To tag that every copy of a request gets, also of one that can't be read.</summary>
    public static ulong Tag(in SipView request)
    {
        if (TryMake(request, request.Method, out var key)) return (ulong)key;

        var hash = new SipHash();
        hash.Add(request.Wire);
        return (ulong)hash.Finish();
    }

    /// <summary>What a reliable provisional response and its PRACK have in common (RFC 3262 §3): Call-ID, both tags and the RAck.</summary>
    /// <param name="message">The response or the PRACK: its From and To are the same in both.</param>
    public static UInt128 Prack(SipMessage message, RAck rack)
    {
        var hash = new SipHash();
        hash.Add(message.Value(HeaderId.CallId));
        hash.Add(TagOf(message, HeaderId.From));
        hash.Add(TagOf(message, HeaderId.To));
        hash.Add(BitConverter.GetBytes(rack.RSeq));
        hash.Add(BitConverter.GetBytes(rack.CSeq));
        return hash.Finish();
    }

    /// <summary>The transaction's name to the outside. It says which run of the process gave it.</summary>
    public static string Name(uint run, UInt128 key) => string.Create(CultureInfo.InvariantCulture, $"{run:x8}-{key:x32}");

    public static bool TryReadName(string name, out uint run, out UInt128 key)
    {
        key = default;
        run = 0;
        return name.Length == 41 && name[8] == '-'
            && uint.TryParse(name.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out run)
            && UInt128.TryParse(name.AsSpan(9), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }

    /// <summary>The branch that holds a client transaction's name.</summary>
    public static string Branch(string name) =>
        "z9hG4bK" + (Lexer.IsToken(name) ? name : throw new ArgumentException($"'{name}' can't name a transaction: it must be a token.", nameof(name)));

    /// <summary>What the transaction with the <paramref name="number"/>th server is called that a client transaction's request is tried at (RFC 3263 §4.3).</summary>
    public static string Attempt(string name, int number) =>
        number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}!{number}"); // '!' can stand in a branch; the first has the name alone, as a transaction of one server has

    /// <summary>Which of these a branch names; the first when it names none.</summary>
    public static string AttemptOf(string name, string? branch) =>
        branch is not null && Lexer.IsToken(branch) && branch.StartsWith(Branch(name) + "!", StringComparison.Ordinal) ? branch[Cookie.Length..] : name;

    [SuppressMessage("Style", "IDE0046", Justification = "Two guards read better.")]
    public static bool TryReadBranch(ReadOnlySpan<byte> branch, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!branch.StartsWith(Cookie)) return false;
        name = branch[Cookie.Length..];
        return !name.IsEmpty;
    }

    public static ReadOnlySpan<byte> TagOf(SipMessage message, HeaderId id) => TagOf(message.Value(id));

    private static ReadOnlySpan<byte> TagOf(ReadOnlySpan<byte> value) => NameAddressView.TryParse(value, out var address) ? address.Tag : default;
}
