using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>A challenge that we can answer (RFC 7616 §3.3): its hash and its qop are ones that we know.</summary>
/// <param name="IsProxy">From Proxy-Authenticate, so answered in Proxy-Authorization.</param>
/// <param name="IsSession">The algorithm ends in <c>-sess</c>.</param>
/// <param name="Qop">What the answer will have: <c>auth</c> where it is offered, else <c>auth-int</c>; null when nothing is (RFC 2069).</param>
/// <param name="IsStale">The last answer's nonce was too old, its password was right.</param>
[GenerateSerializer, Immutable]
public sealed record DigestChallenge(
    [property: Id(0)] bool IsProxy, [property: Id(1)] string Realm, [property: Id(2)] string Nonce, [property: Id(3)] string? Opaque,
    [property: Id(4)] DigestHash Hash, [property: Id(5)] bool IsSession, [property: Id(6)] string? Qop, [property: Id(7)] bool IsStale)
{
    /// <summary>Those of a 401 or 407, in order. A forking proxy gathers several of either kind in one response (RFC 3261 §22.3). Others are left out.</summary>
    public static ImmutableArray<DigestChallenge> Of(SipResponse response)
    {
        var challenges = ImmutableArray.CreateBuilder<DigestChallenge>();
        foreach (ref readonly var line in response.Fields)
        {
            if (line.Id is not (HeaderId.WwwAuthenticate or HeaderId.ProxyAuthenticate)) continue;
            if (Read(line.ValueIn(response.Span), line.Id == HeaderId.ProxyAuthenticate) is { } challenge) challenges.Add(challenge);
        }

        return challenges.ToImmutable();
    }

    /// <summary>Whether both are of one protection space.</summary>
    internal bool IsLike(DigestChallenge other) => IsProxy == other.IsProxy && Realm == other.Realm;

    private static DigestChallenge? Read(ReadOnlySpan<byte> value, bool isProxy)
    {
        if (!DigestView.TryScheme(value, out var rest)) return null;

        string? realm = null, nonce = null, opaque = null, qop = null;
        var (hash, isSession, isStale) = (DigestHash.Md5, false, false);
        while (Lexer.NextElement(ref rest, out var element))
        {
            var equals = element.IndexOf((byte)'=');
            if (equals <= 0) return null;

            var name = element[..equals].TrimEnd(" \t"u8);
            if (!TryValue(element[(equals + 1)..].TrimStart(" \t"u8), out var text)) return null;
            if (Lexer.EqualsIgnoreCase(name, "realm"u8)) realm = Lexer.Text(text);
            else if (Lexer.EqualsIgnoreCase(name, "nonce"u8)) nonce = Lexer.Text(text);
            else if (Lexer.EqualsIgnoreCase(name, "opaque"u8)) opaque = Lexer.Text(text);
            else if (Lexer.EqualsIgnoreCase(name, "stale"u8)) isStale = Lexer.EqualsIgnoreCase(text, "true"u8);
            else if (Lexer.EqualsIgnoreCase(name, "qop"u8) && (qop = Choose(text)) is null) return null;
            else if (Lexer.EqualsIgnoreCase(name, "algorithm"u8) && !DigestHashes.TryRead(text, out hash, out isSession)) return null;
        }

        return rest.IsEmpty && realm is not null && nonce is not null ? new(isProxy, realm, nonce, opaque, hash, isSession, qop, isStale) : null;
    }

    // what stands in the quotes, escapes and all, since it is given back so; nothing that could end them
    private static bool TryValue(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> text)
    {
        text = value;
        if (value.IsEmpty || value[0] != '"') return Lexer.IsToken(value);
        if (Lexer.QuotedLength(value) != value.Length || value.ContainsAny("\r\n\0"u8)) return false;
        text = value[1..^1];
        return true;
    }

    private static string? Choose(ReadOnlySpan<byte> options)
    {
        var isIntegrity = false;
        while (Lexer.NextElement(ref options, out var option))
        {
            if (Lexer.EqualsIgnoreCase(option, "auth"u8)) return "auth";
            isIntegrity |= Lexer.EqualsIgnoreCase(option, "auth-int"u8);
        }

        return isIntegrity ? "auth-int" : null;
    }
}
