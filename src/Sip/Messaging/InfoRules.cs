using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>How an INFO is taken (RFC 6086 §4.2.2), and one of the kind that had no package (RFC 2976).</summary>
public static class InfoRules
{
    /// <param name="packages">Those that our Recv-Info named; others get 469.</param>
    public static InfoResult Receive(SipRequest info, ImmutableArray<string> packages)
    {
        if (info.Header("Info-Package") is { } text)
        {
            if (!ValueText.TrySplit(text, out var package, out _) || !Lexer.IsToken(package)) return new(SipAnswer.Of(400));
            return packages.Contains(package, StringComparer.OrdinalIgnoreCase)
                ? new(SipAnswer.Of(200), package)
                : new(SipAnswer.Of(469, ("Recv-Info", string.Join(", ", packages))));
        }

        if (Dtmf.Of(info) is { } key) return new(SipAnswer.Of(200), Key: key);

        // empty: a sign of life; another body without a package can't be understood (RFC 6086 §4.2.2)
        return new(info.Body.IsEmpty ? SipAnswer.Of(200) : SipAnswer.Of(415, ("Accept", $"{Dtmf.RelayType}, {Dtmf.PlainType}")));
    }
}
