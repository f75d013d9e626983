using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Event: the package that a SUBSCRIBE, NOTIFY or PUBLISH is about (RFC 6665 §8.2.1).</summary>
/// <param name="Package">With its template, as <c>presence.winfo</c>.</param>
/// <param name="Id">Tells subscriptions of one dialog and package apart; null when there is none.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record EventPackage(
    [property: Id(0)] string Package, [property: Id(1)] string? Id = null, [property: Id(2)] string Parameters = "") : ISipHeader<EventPackage>
{
    public static string Field => "Event";

    public static bool TryParse(string text, [NotNullWhen(true)] out EventPackage? value)
    {
        value = ValueText.TrySplit(text, out var package, out var parameters) && Lexer.IsToken(package)
            ? new(package, parameters["id"], parameters.Without("id"))
            : null;
        return value is not null;
    }

    /// <summary>Whether both are of one subscription: package and id alone count, byte by byte (§8.2.1).</summary>
    public bool IsSameAs(EventPackage other) => Package == other.Package && Id == other.Id;

    public override string ToString() => Package + ValueText.Parameter("id", Id) + Parameters;
}
