using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>An event state compositor's rules (RFC 3903 §6): what a PUBLISH does to what is published of a resource. All of it or nothing.</summary>
public static class Compositor
{
    /// <summary>Applies a PUBLISH that was authenticated and may be made for this resource.</summary>
    /// <param name="newTag">An entity-tag that was never used before; a token.</param>
    public static PublishResult Apply(ImmutableArray<Publication> current, SipRequest publish, string newTag, PublicationRules rules, DateTimeOffset now)
    {
        var live = Expire(current, now);
        var expired = live.Length != current.Length;
        PublishResult Refuse(int status, params ReadOnlySpan<(string, string)> headers) => new(live, SipAnswer.Of(status, headers), expired);

        if (publish.Header<EventPackage>() is not { } package || package.Package != rules.Package) return Refuse(489, ("Allow-Events", rules.Package)); // step 2

        var condition = publish.Header("SIP-If-Match");
        var old = condition is null ? null : live.FirstOrDefault(publication => publication.Tag == condition);
        if (condition is not null && old is null) return Refuse(412); // step 3

        var wish = publish.Expires is { } seconds ? TimeSpan.FromSeconds(seconds) : rules.DefaultExpires;
        if (wish > TimeSpan.Zero && wish < rules.MinExpires) return Refuse(423, ("Min-Expires", SipAnswer.Seconds(rules.MinExpires))); // step 4

        var granted = wish < rules.MaxExpires ? wish : rules.MaxExpires;
        if (granted == TimeSpan.Zero) return old is null ? Accept(live, newTag, granted, expired) : Accept(live.Remove(old), newTag, granted, isChanged: true);

        if (publish.Body.IsEmpty)
        {
            return old is null
                ? Refuse(400) // the first must say something (§4.1)
                : Accept(live.Replace(old, old with { Tag = newTag, ExpiresAt = now + granted }), newTag, granted, expired);
        }

        // step 5
        if (!rules.ContentTypes.Any(type => IsType(publish, type))) return Refuse(415, ("Accept", string.Join(", ", rules.ContentTypes)));
        if (publish.Body.Length > rules.MaxBytes) return Refuse(413);
        if (old is null && live.Length >= rules.MaxPublications) return Refuse(403);

        var next = new Publication(newTag, publish.ContentType!, [.. publish.Body.Span], now + granted, now);
        return Accept(old is null ? live.Add(next) : live.Replace(old, next), newTag, granted, isChanged: true);
    }

    /// <summary>Without what has expired (§6.5).</summary>
    public static ImmutableArray<Publication> Expire(ImmutableArray<Publication> publications, DateTimeOffset now) =>
        publications.RemoveAll(publication => publication.ExpiresAt <= now);

    private static bool IsType(SipRequest publish, string type) => publish.ContentType is { } given && Multipart.IsType(System.Text.Encoding.UTF8.GetBytes(given), type);

    // step 6: the tag is a new one even when nothing but the time changed
    private static PublishResult Accept(ImmutableArray<Publication> publications, string tag, TimeSpan granted, bool isChanged) =>
        new(publications, SipAnswer.Of(200, ("SIP-ETag", tag), ("Expires", SipAnswer.Seconds(granted))), isChanged);
}
