using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>Min-SE: the shortest session interval that somebody on the way accepts (RFC 4028 §5).</summary>
/// <param name="Parameters">As written; none is defined.</param>
[GenerateSerializer, Immutable]
public sealed record MinSe([property: Id(0)] TimeSpan Interval, [property: Id(1)] string Parameters = "") : ISipHeader<MinSe>
{
    public static string Field => "Min-SE";

    public static bool TryParse(string text, [NotNullWhen(true)] out MinSe? value)
    {
        value = ValueText.TrySplit(text, out var seconds, out var parameters) && uint.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var delta)
            ? new(TimeSpan.FromSeconds(delta), parameters.Without())
            : null;
        return value is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(long)Interval.TotalSeconds}") + Parameters;
}
