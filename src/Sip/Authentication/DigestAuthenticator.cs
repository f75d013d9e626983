using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Telephony.Sip;

/// <summary>
/// The server's side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760), qop <c>auth</c>, <c>auth-int</c> or none. Thread-safe. The order of calls:
/// <see cref="TryGetUsername"/>, look the credentials up, <see cref="Check(SipRequest, string, DigestPolicy, DigestCredentials?)"/>, and unless that is Ok or Malformed, answer 401 with <see cref="Challenge"/>.
/// </summary>
public sealed class DigestAuthenticator
{
    private readonly Nonces _nonces;
    private readonly NonceCounts _counts;
    private readonly string _qop;
    private readonly DigestCredentials _nobody = new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    public DigestAuthenticator(TimeProvider clock, IOptions<DigestOptions> options)
    {
        _nonces = new(clock, options.Value.NonceLifetime);
        _counts = new(options.Value.RememberedNonces);
        _qop = options.Value.OfferIntegrity ? "auth,auth-int" : "auth";
    }

    /// <summary>The values of WWW-Authenticate (401) or Proxy-Authenticate (407): one header field each, to be added in this order.</summary>
    /// <param name="stale">Whether the user's answer was good and only its nonce was not: then nobody is asked for a password.</param>
    /// <exception cref="ArgumentException"><paramref name="realm"/> has quotes or line breaks, or more than 200 characters.</exception>
    public ImmutableArray<string> Challenge(string realm, DigestPolicy policy, bool stale = false)
    {
        var hashes = DigestHashes.Of(policy);
        var challenges = ImmutableArray.CreateBuilder<string>(hashes.Length);
        Span<byte> text = stackalloc byte[MaxChallenge];
        foreach (var hash in hashes) challenges.Add(Encoding.UTF8.GetString(text[..WriteChallenge(text, realm, hash, stale)]));
        return challenges.MoveToImmutable();
    }

    /// <summary>The most bytes of a challenge.</summary>
    internal const int MaxChallenge = 1024;

    /// <summary>As <see cref="Challenge"/>, one of them, without garbage.</summary>
    /// <returns>Its length.</returns>
    internal int WriteChallenge(Span<byte> into, string realm, DigestHash hash, bool stale)
    {
        if (realm.Length > 200 || !Lexer.IsUriText(realm.AsSpan())) throw new ArgumentException($"'{realm}' can't be a realm.", nameof(realm));

        var rest = into;
        Put("Digest realm=\"", ref rest);
        Put(realm, ref rest);
        Put("\", nonce=\"", ref rest);
        _nonces.Make(realm, rest);
        rest = rest[Nonces.Characters..];
        Put("\", algorithm=", ref rest);
        Put(DigestHashes.Name(hash), ref rest);
        Put(", qop=\"", ref rest);
        Put(_qop, ref rest);
        Put(stale ? "\", stale=true" : "\"", ref rest);
        return into.Length - rest.Length;

        static void Put(string text, ref Span<byte> rest) => rest = rest[Encoding.UTF8.GetBytes(text, rest)..];
    }

    /// <summary>Who the request says it is from, in Authorization or Proxy-Authorization for this realm.</summary>
    public static bool TryGetUsername(SipRequest request, string realm, [NotNullWhen(true)] out string? username)
    {
        username = Find(request.View, realm, DigestPolicy.StrongestFirst, out var digest, out _, out _, out _) && !digest.Username.IsEmpty
            ? Unescaped(digest.Username)
            : null;
        return username is not null;
    }

    /// <summary>Checks the request's credentials for this realm.</summary>
    /// <param name="policy">An answer with a hash that it does not offer counts as <see cref="DigestResult.Missing"/>.</param>
    /// <param name="credentials">The user's; null when there is no such user, which takes as long to find wrong.</param>
    public DigestResult Check(SipRequest request, string realm, DigestPolicy policy, DigestCredentials? credentials) =>
        Check(request.View, realm, policy, credentials);

    /// <inheritdoc cref="Check(SipRequest, string, DigestPolicy, DigestCredentials?)"/>
    internal DigestResult Check(in SipView request, string realm, DigestPolicy policy, DigestCredentials? credentials)
    {
        if (!Find(request, realm, policy, out var digest, out var isWhole, out var hash, out var isSession)) return DigestResult.Missing;
        if (!isWhole || !IsQop(digest) || isSession && digest.CNonce.IsEmpty) return DigestResult.Malformed;

        var count = 1u; // an answer without a count (RFC 2069) may use its nonce once
        if (!digest.Qop.IsEmpty && !TryHex(digest.NonceCount, out count)) return DigestResult.Malformed;
        if (!_nonces.IsFresh(digest.Nonce, realm, out var serial, out var madeAt)) return DigestResult.Stale;

        var hex = DigestHashes.HexLength(hash);
        Span<byte> ha1 = stackalloc byte[DigestHashes.MaxHex], expected = stackalloc byte[DigestHashes.MaxHex], given = stackalloc byte[DigestHashes.MaxHex];
        var isKnown = TryTake(credentials, hash, ha1[..hex]);
        if (!isKnown) TryTake(_nobody, hash, ha1[..hex]);
        if (!DigestMath.TryRespond(digest, request.Method, request.Body, hash, isSession, ha1[..hex], expected)) return DigestResult.Malformed;
        if (digest.Response.Length != hex || Ascii.ToLower(digest.Response, given, out _) != System.Buffers.OperationStatus.Done) return DigestResult.Wrong;

        var isRight = CryptographicOperations.FixedTimeEquals(expected[..hex], given[..hex]);
        return isRight & isKnown ? _counts.Use(serial, madeAt, count) : DigestResult.Wrong;
    }

    // the first answer for this realm with a hash of the policy
    private static bool Find(
        in SipView request, string realm, DigestPolicy policy, out DigestView digest, out bool isWhole, out DigestHash hash, out bool isSession)
    {
        foreach (ref readonly var line in request.Fields)
        {
            if (line.Id is HeaderId.Authorization or HeaderId.ProxyAuthorization
                && DigestView.TryParse(line.ValueIn(request.Wire), out digest, out isWhole)
                && IsRealm(digest.Realm, realm)
                && DigestHashes.TryRead(digest.Algorithm, out hash, out isSession)
                && DigestHashes.Offers(policy, hash))
            {
                return true;
            }
        }

        digest = default;
        hash = default;
        isWhole = isSession = false;
        return false;
    }

    private static bool IsQop(in DigestView digest) => digest.Qop.IsEmpty || digest.IsIntegrity || Lexer.EqualsIgnoreCase(digest.Qop, "auth"u8);

    private static bool IsRealm(ReadOnlySpan<byte> text, string realm)
    {
        Span<byte> bytes = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(realm, bytes, out var length) && text.SequenceEqual(bytes[..length]);
    }

    private static bool TryTake(DigestCredentials? credentials, DigestHash hash, Span<byte> hex)
    {
        var text = credentials?.For(hash);
        return text?.Length == hex.Length && Ascii.ToLower(text, hex, out _) == System.Buffers.OperationStatus.Done;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, out uint number) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);

    private static string Unescaped(ReadOnlySpan<byte> inner)
    {
        if (!inner.Contains((byte)'\\')) return Lexer.Text(inner);

        Span<byte> quoted = inner.Length <= 510 ? stackalloc byte[inner.Length + 2] : new byte[inner.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        inner.CopyTo(quoted[1..]);
        return Lexer.Unquote(quoted);
    }
}
