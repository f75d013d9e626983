using System.Collections.Immutable;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>
/// Follows redirections (RFC 3261 §8.1.3.4, §16.5, §19.1.5), as plain data: the targets that are left, best first, and those that were known before. No target is tried
/// twice, so it always comes to an end.
/// </summary>
/// <param name="Left">To be tried, best first.</param>
/// <param name="Seen">Every target that was ever in the set, the first one too.</param>
[GenerateSerializer, Immutable]
public sealed record Redirection([property: Id(0)] ImmutableArray<RedirectTarget> Left, [property: Id(1)] ImmutableArray<string> Seen)
{
    private const int MaxUri = 2048; // what it says is to fit into a request

    // what a URI's headers must not set: trust, identities and what makes phones answer; besides all that makes the message and its way (§19.1.5)
    private static readonly ImmutableHashSet<HeaderId> Forbidden =
    [
        HeaderId.UserAgent, HeaderId.Organization, HeaderId.ReplyTo, HeaderId.PAssertedIdentity, HeaderId.PPreferredIdentity, HeaderId.PAssociatedUri,
        HeaderId.RemotePartyId, HeaderId.Privacy, HeaderId.Identity, HeaderId.IdentityInfo, HeaderId.HistoryInfo, HeaderId.Diversion, HeaderId.AnswerMode,
        HeaderId.PrivAnswerMode, HeaderId.AlertInfo, HeaderId.CallInfo,
    ];

    /// <summary>A call to this URI, not redirected yet.</summary>
    public static Redirection Of(string uri) => new([], [uri]);

    /// <summary>Takes a 3xx in: its Contacts join the targets that are left. 305 and 380 can't be followed by going somewhere else (§21.3.4, §21.3.5).</summary>
    /// <param name="sent">The request that was answered.</param>
    /// <param name="from">The target that it was sent to; null for the first one.</param>
    public Redirection Redirected(SipRequest sent, SipResponse response, RedirectTarget? from, RedirectLimits limits, DateTimeOffset now)
    {
        var depth = (from?.Depth ?? 0) + 1;
        if (response.Status is not (300 or 301 or 302) || depth > limits.MaxDepth) return this;

        var next = this;
        var by = sent.RequestUri.ToString();
        foreach (var contact in response.Contacts)
        {
            if (next.Seen.Length >= limits.MaxTargets) break;
            if (!MayFollow(sent.RequestUri, contact.Uri) || contact.Uri.ToString().Length > MaxUri || next.Knows(contact.Uri)) continue;

            var q = contact.Parameters["q"] is { } text && AcceptRange.TryQ(text, out var preference) ? preference : 1;
            var age = contact.Parameters.TryNumber("expires", out var own) && (own ?? response.Expires) is { } seconds ? TimeSpan.FromSeconds(seconds) : limits.MaxAge;
            if (age <= TimeSpan.Zero) continue;

            var target = new RedirectTarget(contact.Uri.ToString(), contact.DisplayName, q, now + (age < limits.MaxAge ? age : limits.MaxAge), by, response.Status, depth);
            next = new(next.Left.Add(target), next.Seen.Add(contact.Uri.WithoutHeaders()));
        }

        return next with { Left = [.. next.Left.OrderByDescending(target => target.Q)] }; // stable: as listed where they are liked the same
    }

    /// <summary>The best of those that are left and still good; null when there is none.</summary>
    /// <param name="next">Without it.</param>
    public RedirectTarget? Take(DateTimeOffset now, out Redirection next)
    {
        var good = Left.RemoveAll(target => target.ExpiresAt <= now);
        next = this with { Left = good.IsEmpty ? [] : good.RemoveAt(0) };
        return good.IsEmpty ? null : good[0];
    }

    /// <summary>
    /// The request to this target: of the first one, with the target as Request-URI and the URI's headers in it, without those that may not be set so (§19.1.5). To stays
    /// (§8.1.3.4). Who redirected is added to History-Info and Diversion, where the request speaks of those (RFC 7044 §9.2, RFC 5806 §6.1), or when asked for.
    /// </summary>
    /// <param name="original">The first request; its CSeq, Call-ID and tags are the caller's to change.</param>
    public static SipRequestBuilder Request(SipRequest original, RedirectTarget target, bool addDiversion = false)
    {
        var uri = SipUri.Parse(target.Uri);
        var request = original.ToBuilder().RequestUri(Target(uri));
        foreach (var (name, value) in UriHeaders.Of(uri))
        {
            if (MaySet(name)) request.Add(name, value);
        }

        if (addDiversion || original.Header("Diversion") is not null) request.AddFirst("Diversion", new Diversion(target.By, Reason: Why(target.Status), Counter: 1).ToString());
        if (original.Header("History-Info") is not null || original.HasOption("Supported", "histinfo")) AddHistory(request, original, target);
        return request;
    }

    // a secure call stays one (§19.1.5, RFC 5630 §3.1.3); a number is followed where the caller can look it up
    private static bool MayFollow(SipUri from, SipUri to) => to.Scheme switch
    {
        "sips" => true,
        "sip" => from.Scheme != "sips",
        "tel" => from.Scheme != "sips",
        _ => false,
    };

    private bool Knows(SipUri uri)
    {
        var bare = SipUri.Parse(uri.WithoutHeaders());
        foreach (var seen in Seen)
        {
            if (SipUri.TryParse(seen, out var known) && known.IsSameAs(bare)) return true;
        }

        return false;
    }

    // no method and no headers in a Request-URI (§19.1.1)
    private static string Target(SipUri uri) => uri.IsSip ? uri.WithoutParameter("method") : uri.ToString();

    // no field that the stack reads, and none that speaks of trust by another name
    private static bool MaySet(string name) => HeaderTable.Find(name) is var id && id != HeaderId.Other
        ? !HeaderTable.HasRule(id) && !Forbidden.Contains(id)
        : !name.StartsWith("P-", StringComparison.OrdinalIgnoreCase) && !name.Equals("Body", StringComparison.OrdinalIgnoreCase);

    private static string Why(int status) => status == 301 ? "unconditional" : "deflection";

    // the one that redirected gets the reason, as its headers (RFC 7044 §10.2), the new one its place behind it
    private static void AddHistory(SipRequestBuilder request, SipRequest original, RedirectTarget target)
    {
        var history = original.Headers<HistoryInfo>();
        var last = history.Count > 0 ? history[^1] : new HistoryInfo(original.RequestUri.ToString(), "1");
        var given = last with { Uri = UriHeaders.Add(last.Uri, "Reason", $"SIP;cause={target.Status.ToString(CultureInfo.InvariantCulture)}") };

        var uri = SipUri.Parse(target.Uri);
        var how = uri.User == original.RequestUri.User ? "rc" : "mp"; // the same user elsewhere, or another one (§10.4)
        var next = new HistoryInfo(uri.WithoutHeaders(), last.Index + ".1", Parameters: $";{how}={last.Index}");
        request.Set(HistoryInfo.Field, string.Join(", ", history.SkipLast(1).Append(given).Append(next)));
    }
}
