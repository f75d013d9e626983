using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>Date, in GMT always (RFC 3261 §20.17). Some phones set their clock by the one in a REGISTER's answer.</summary>
[GenerateSerializer, Immutable]
public sealed record SipDate([property: Id(0)] DateTimeOffset At) : ISipHeader<SipDate>
{
    public static string Field => "Date";

    public static bool TryParse(string text, [NotNullWhen(true)] out SipDate? value)
    {
        value = DateTimeOffset.TryParseExact(text.Trim(), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? new(at) : null;
        return value is not null;
    }

    public override string ToString() => At.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture);
}
