using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What an event state compositor takes (RFC 3903 §6).</summary>
/// <param name="Package">The one that is published to; others get 489.</param>
/// <param name="ContentTypes">Others get 415.</param>
/// <param name="MinExpires">A shorter wish gets 423.</param>
/// <param name="DefaultExpires">For a PUBLISH that names no time.</param>
/// <param name="MaxExpires">A longer wish is cut to this.</param>
/// <param name="MaxPublications">Of one resource; one more gets 403.</param>
/// <param name="MaxBytes">Of one body; more get 413.</param>
public sealed record PublicationRules(
    string Package, ImmutableArray<string> ContentTypes, TimeSpan MinExpires, TimeSpan DefaultExpires, TimeSpan MaxExpires, int MaxPublications, int MaxBytes)
{
    /// <summary>At least a minute, an hour when nothing is said, at most a day; ten publications of 16 KiB.</summary>
    public static PublicationRules For(string package, params ImmutableArray<string> contentTypes) =>
        new(package, contentTypes, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), 10, 16 * 1024);
}
