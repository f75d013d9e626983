using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip;

/// <summary>
/// The client's side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760), as pure functions: <see cref="Authorize"/> before a request is sent, <see cref="Answer"/>
/// when it is answered 401 or 407.
/// </summary>
public static class DigestClient
{
    /// <summary>How often one request is answered at most, whatever the peer says: several proxies on its way, each with a stale nonce.</summary>
    public const int MaxTries = 5;

    /// <summary>A cnonce: 16 random characters.</summary>
    public static string NewCNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>A new request with the credentials that the peer took before (RFC 3261 §22.3), so that it is not challenged. As it was when there are none.</summary>
    /// <remarks>An ACK has its INVITE's credentials instead, and a CANCEL has none (§22.1).</remarks>
    public static DigestRetry Authorize(SipRequest request, DigestAnswers answers, IReadOnlyList<DigestAccount> accounts)
    {
        var next = answers with { Tries = 0 };
        var builder = request.ToBuilder().Remove("Authorization").Remove("Proxy-Authorization");
        foreach (var answer in answers.Given)
        {
            // a nonce without a count is good for once
            if (answer.Challenge.Qop is null || answer.Count == uint.MaxValue || AccountFor(answer.Challenge, accounts) is not { } account) continue;

            var again = answer with { Count = answer.Count + 1 };
            if (Credentials(request, again, account) is not { } credentials) continue;
            builder.Add(Field(answer.Challenge), credentials);
            next = next.With(again);
        }

        return new(builder.Build(), next);
    }

    /// <summary>
    /// The request to send again after a 401 or 407: CSeq one higher, and for each realm that asks and that an account is there for, an answer with the strongest hash.
    /// Within a dialog its local CSeq becomes the new request's.
    /// </summary>
    /// <param name="answers">What <see cref="Authorize"/> or the last <see cref="Answer"/> gave with the request.</param>
    /// <param name="cnonce">A new <see cref="NewCNonce"/>; a token.</param>
    /// <returns>Null to give up: nothing that we can answer, or a password that was refused, or <see cref="MaxTries"/>. So it never goes round for ever.</returns>
    /// <exception cref="ArgumentException">A username has a line break, or <paramref name="cnonce"/> is no token.</exception>
    public static DigestRetry? Answer(SipRequest request, SipResponse response, DigestAnswers answers, IReadOnlyList<DigestAccount> accounts, string cnonce)
    {
        if (!Lexer.IsToken(cnonce)) throw new ArgumentException("A cnonce is a token.", nameof(cnonce));
        if (response.Status is not (401 or 407) || answers.Tries >= MaxTries || request.CSeq.Number >= int.MaxValue) return null;

        var next = answers with { Tries = answers.Tries + 1 };
        var added = new List<(DigestChallenge Challenge, string Credentials)>();
        foreach (var realm in DigestChallenge.Of(response).GroupBy(challenge => (challenge.IsProxy, challenge.Realm)))
        {
            var challenge = realm.MaxBy(challenge => challenge.Hash)!; // the first of the strongest
            if (AccountFor(challenge, accounts) is not { } account) continue;

            var last = answers.Find(challenge);
            if (last is not null && Carries(request, last.Challenge) && IsRefused(last, challenge)) return null;

            var answer = last?.Challenge.Nonce == challenge.Nonce
                ? new DigestAnswer(challenge, last.CNonce, last.Count + 1)
                : new DigestAnswer(challenge, cnonce, 1);
            if (Credentials(request, answer, account) is not { } credentials) continue;
            added.Add((challenge, credentials));
            next = next.With(answer);
        }

        return added.Count == 0 ? null : new(WithCredentials(request, added), next);
    }

    /// <summary>The value of (Proxy-)Authorization (RFC 7616 §3.4); null when it would be too long.</summary>
    internal static string? Credentials(
        ReadOnlySpan<byte> method, string uri, ReadOnlySpan<byte> body, DigestAnswer answer, DigestAccount account)
    {
        var challenge = answer.Challenge;
        var hex = DigestHashes.HexLength(challenge.Hash);
        Span<byte> ha1 = stackalloc byte[DigestHashes.MaxHex], response = stackalloc byte[DigestHashes.MaxHex];
        DigestMath.Hash(Encoding.UTF8.GetBytes($"{account.Username}:{challenge.Realm}:{account.Password}"), ha1, challenge.Hash);
        var view = new DigestView
        {
            Uri = Encoding.UTF8.GetBytes(uri),
            Nonce = Encoding.UTF8.GetBytes(challenge.Nonce),
            CNonce = Encoding.UTF8.GetBytes(answer.CNonce),
            NonceCount = Encoding.ASCII.GetBytes($"{answer.Count:x8}"),
            Qop = challenge.Qop is null ? default : Encoding.ASCII.GetBytes(challenge.Qop),
        };
        if (!DigestMath.TryRespond(view, method, body, challenge.Hash, challenge.IsSession, ha1[..hex], response)) return null;

        var username = account.Username.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var text = new StringBuilder($"Digest username=\"{username}\", realm=\"{challenge.Realm}\", nonce=\"{challenge.Nonce}\", uri=\"{uri}\", ")
            .Append($"response=\"{Encoding.ASCII.GetString(response[..hex])}\", algorithm={DigestHashes.Name(challenge.Hash)}{(challenge.IsSession ? "-sess" : "")}");
        if (challenge.Qop is not null) text.Append($", qop={challenge.Qop}, nc={answer.Count:x8}, cnonce=\"{answer.CNonce}\"");
        else if (challenge.IsSession) text.Append($", cnonce=\"{answer.CNonce}\"");
        if (challenge.Opaque is not null) text.Append($", opaque=\"{challenge.Opaque}\"");
        return text.ToString();
    }

    private static string? Credentials(SipRequest request, DigestAnswer answer, DigestAccount account) =>
        Credentials(request.MethodToken, request.RequestUri.ToString(), request.Body.Span, answer, account);

    /// <summary>The same nonce again, or a first answer that was not good: another one would not be either. A nonce that was good before may have grown old unsaid.</summary>
    private static bool IsRefused(DigestAnswer last, DigestChallenge challenge) =>
        last.Challenge.Nonce == challenge.Nonce || !challenge.IsStale && last.Count == 1;

    private static DigestAccount? AccountFor(DigestChallenge challenge, IReadOnlyList<DigestAccount> accounts) =>
        accounts.FirstOrDefault(account => account.Realm == challenge.Realm) ?? accounts.FirstOrDefault(account => account.Realm is null);

    private static string Field(DigestChallenge challenge) => challenge.IsProxy ? "Proxy-Authorization" : "Authorization";

    private static bool Carries(SipRequest request, DigestChallenge challenge)
    {
        foreach (var value in request.Headers(Field(challenge)))
        {
            if (IsFor(value, challenge)) return true;
        }

        return false;
    }

    private static bool IsFor(string credentials, DigestChallenge challenge) =>
        DigestView.TryParse(Encoding.UTF8.GetBytes(credentials), out var view, out _) && Lexer.Text(view.Realm) == challenge.Realm;

    // in the place of those of the same realm; others stay, for their proxies took them (RFC 3261 §22.3)
    private static SipRequest WithCredentials(SipRequest request, List<(DigestChallenge Challenge, string Credentials)> added)
    {
        var builder = request.ToBuilder().CSeq(request.CSeq.Number + 1);
        foreach (var isProxy in (bool[])[false, true])
        {
            var field = isProxy ? "Proxy-Authorization" : "Authorization";
            builder.Remove(field);
            foreach (var value in request.Headers(field))
            {
                if (!added.Exists(own => own.Challenge.IsProxy == isProxy && IsFor(value, own.Challenge))) builder.Add(field, value);
            }

            foreach (var (challenge, credentials) in added)
            {
                if (challenge.IsProxy == isProxy) builder.Add(field, credentials);
            }
        }

        return builder.Build();
    }
}
