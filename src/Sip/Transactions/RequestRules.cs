namespace Telephony.Sip;

/// <summary>What a request must pass before anybody hears of it (RFC 3261 §8.2, §16.3).</summary>
internal static class RequestRules
{
    /// <returns>The status that refuses it; 0 when it may pass. For 420, <paramref name="unsupported"/> names the extensions.</returns>
    public static int Refusal(SipRequest request, ISet<string> extensions, out string? unsupported)
    {
        unsupported = null;
        var uri = request.Span[request.Layout.Second];
        var scheme = uri[..uri.IndexOf((byte)':')];
        if (!Lexer.EqualsIgnoreCase(scheme, "sip"u8) && !Lexer.EqualsIgnoreCase(scheme, "sips"u8) && !Lexer.EqualsIgnoreCase(scheme, "tel"u8)) return 416;
        if (request.MaxForwards == 0 && !request.Is("OPTIONS"u8)) return 483;
        if (request.Find(HeaderId.Require) is null) return 0;

        var unknown = request.Headers("Require").Where(tag => !extensions.Contains(tag)).ToList();
        if (unknown.Count == 0) return 0;
        unsupported = string.Join(", ", unknown);
        return 420;
    }
}
