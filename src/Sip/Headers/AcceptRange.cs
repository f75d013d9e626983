using System.Collections.Immutable;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>One value of Accept, Accept-Encoding or Accept-Language, with how much it is liked (RFC 3261 §20.1 to §20.3).</summary>
/// <param name="Value">As <c>application/sdp</c>, <c>text/*</c>, <c>gzip</c>, <c>en-gb</c>, <c>*</c>.</param>
/// <param name="Q">0 to 1; 0 is not acceptable.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record AcceptRange([property: Id(0)] string Value, [property: Id(1)] double Q = 1, [property: Id(2)] string Parameters = "")
{
    /// <summary>A field's values, best liked first; malformed ones are left out.</summary>
    public static ImmutableArray<AcceptRange> Of(SipMessage message, string field) =>
        [.. message.Headers(field).Select(Read).OfType<AcceptRange>().OrderByDescending(range => range.Q)];

    /// <summary>How much a body of this type is liked by who sent the message: 0 is not at all. The closest range speaks for it (RFC 3261 §20.1).</summary>
    /// <param name="whenUnsaid">The type that is liked when there is no Accept: <c>application/sdp</c> of an INVITE, the package's own of a SUBSCRIBE.</param>
    public static double Of(SipMessage message, string mediaType, string whenUnsaid)
    {
        if (message.Header("Accept") is null) return mediaType.Equals(whenUnsaid, StringComparison.OrdinalIgnoreCase) ? 1 : 0;

        return Of(message, "Accept").Where(range => range.Includes(mediaType)).MaxBy(range => range.Closeness)?.Q ?? 0;
    }

    /// <summary>The first of these media types that is liked best; null when none is acceptable.</summary>
    /// <param name="mediaTypes">Ours, the first being what is meant when there is no Accept.</param>
    public static string? Choose(SipMessage message, IReadOnlyList<string> mediaTypes)
    {
        var best = mediaTypes.Select(type => (Type: type, Q: Of(message, type, mediaTypes[0]))).MaxBy(choice => choice.Q);
        return best.Q > 0 ? best.Type : null;
    }

    public override string ToString() => Value + (Q < 1 ? string.Create(CultureInfo.InvariantCulture, $";q={Q:0.###}") : "") + Parameters;

    internal static AcceptRange? Read(string text)
    {
        if (!ValueText.TrySplit(text, out var value, out var parameters) || value.Length == 0 || !value.Split('/', 3).All(part => Lexer.IsToken(part))) return null;

        var q = 1.0;
        if (parameters["q"] is { } wish && !TryQ(wish, out q)) return null;
        return new(value, q, parameters.Without("q"));
    }

    /// <summary>A qvalue (§25.1).</summary>
    internal static bool TryQ(string text, out double q) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out q) && q is >= 0 and <= 1;

    private int Closeness => Value is "*/*" or "*" ? 0 : Value.EndsWith("/*", StringComparison.Ordinal) ? 1 : 2;

    private bool Includes(string mediaType) => Closeness switch
    {
        0 => true,
        1 => mediaType.StartsWith(Value[..^1], StringComparison.OrdinalIgnoreCase),
        _ => mediaType.Equals(Value, StringComparison.OrdinalIgnoreCase),
    };
}
