using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What a notifier grants (RFC 6665 §4.2).</summary>
/// <param name="Packages">Others get 489 (§4.2.1.1).</param>
/// <param name="MinExpires">A shorter wish gets 423; below an hour (§4.2.1.1).</param>
/// <param name="DefaultExpires">For a SUBSCRIBE that names no time.</param>
/// <param name="MaxExpires">A longer wish is cut to this.</param>
/// <param name="MinInterval">Between two NOTIFYs of a subscription; what changes meanwhile goes with the next.</param>
/// <param name="MaxPerDialog">Subscriptions that one dialog may have; one more gets 403.</param>
public sealed record NotifierRules(
    ImmutableArray<NotifierPackage> Packages, TimeSpan MinExpires, TimeSpan DefaultExpires, TimeSpan MaxExpires, TimeSpan MinInterval, int MaxPerDialog)
{
    /// <summary>At least a minute, an hour when nothing is said, at most a day; ten NOTIFYs a second; sixteen in a dialog.</summary>
    public static NotifierRules For(params ImmutableArray<NotifierPackage> packages) =>
        new(packages, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromMilliseconds(100), 16);

    /// <summary>The value of Allow-Events.</summary>
    public string AllowEvents => string.Join(", ", Packages.Select(package => package.Name));
}
