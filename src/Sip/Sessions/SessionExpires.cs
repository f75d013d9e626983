using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>Session-Expires: for how long a session lives without a refresh, and who of the request's two sides refreshes it (RFC 4028 §4).</summary>
/// <param name="Refresher">Null when it does not say.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record SessionExpires(
    [property: Id(0)] TimeSpan Interval,
    [property: Id(1)] SessionRefresher? Refresher = null,
    [property: Id(2)] string Parameters = "") : ISipHeader<SessionExpires>
{
    public static string Field => "Session-Expires";

    /// <summary>Reads <c>delta-seconds *(SEMI parameter)</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SessionExpires? value)
    {
        value = null;
        if (!ValueText.TrySplit(text, out var seconds, out var parameters) || !uint.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var delta)) return false;

        var refresher = parameters["refresher"];
        value = new(
            TimeSpan.FromSeconds(delta),
            string.Equals(refresher, "uac", StringComparison.OrdinalIgnoreCase) ? SessionRefresher.Uac
            : string.Equals(refresher, "uas", StringComparison.OrdinalIgnoreCase) ? SessionRefresher.Uas
            : null,
            parameters.Without("refresher"));
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(long)Interval.TotalSeconds}") + Refresher switch
    {
        SessionRefresher.Uac => ";refresher=uac",
        SessionRefresher.Uas => ";refresher=uas",
        _ => "",
    } + Parameters;
}
