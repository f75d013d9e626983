using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>A Session-Expires value (RFC 4028 §4): for how long a session lives without a refresh, and who of the request's two sides refreshes it.</summary>
/// <param name="Refresher">Null when it does not say.</param>
public readonly record struct SessionExpires(TimeSpan Interval, SessionRefresher? Refresher = null)
{
    /// <summary>The value in a message; null when there is none or it can't be read.</summary>
    public static SessionExpires? Of(SipMessage message) => TryParse(message.Header("Session-Expires"), out var value) ? value : null;

    /// <summary>The Min-SE of a message (§5); null when there is none or it can't be read.</summary>
    public static TimeSpan? MinimumOf(SipMessage message) => TryParse(message.Header("Min-SE"), out var value) ? value.Interval : null;

    /// <summary>Reads <c>delta-seconds *(SEMI parameter)</c>.</summary>
    public static bool TryParse(string? text, out SessionExpires value)
    {
        value = default;
        if (text is null) return false;

        var end = text.IndexOf(';', StringComparison.Ordinal);
        var seconds = end < 0 ? text : text[..end];
        if (!uint.TryParse(seconds.Trim(' ', '\t'), NumberStyles.None, CultureInfo.InvariantCulture, out var delta)) return false;

        var refresher = end < 0 ? null : new SipParameters(Encoding.UTF8.GetBytes(text[end..]))["refresher"];
        value = new(
            TimeSpan.FromSeconds(delta),
            string.Equals(refresher, "uac", StringComparison.OrdinalIgnoreCase) ? SessionRefresher.Uac
            : string.Equals(refresher, "uas", StringComparison.OrdinalIgnoreCase) ? SessionRefresher.Uas
            : null);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(long)Interval.TotalSeconds}") + Refresher switch
    {
        SessionRefresher.Uac => ";refresher=uac",
        SessionRefresher.Uas => ";refresher=uas",
        _ => "",
    };
}
