using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Content-Disposition: what a body is for (RFC 3261 §20.11).</summary>
/// <param name="Type">As <c>session</c>, <c>render</c>, <c>icon</c>.</param>
/// <param name="Handling"><c>required</c> or <c>optional</c>; null when it is not said, which means required.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record ContentDisposition(
    [property: Id(0)] string Type, [property: Id(1)] string? Handling = null, [property: Id(2)] string Parameters = "") : ISipHeader<ContentDisposition>
{
    public static string Field => "Content-Disposition";

    public static bool TryParse(string text, [NotNullWhen(true)] out ContentDisposition? value)
    {
        value = ValueText.TrySplit(text, out var type, out var parameters) && Lexer.IsToken(type)
            ? new(type, parameters["handling"], parameters.Without("handling"))
            : null;
        return value is not null;
    }

    public override string ToString() => Type + ValueText.Parameter("handling", Handling) + Parameters;
}
