namespace Telephony.Configuration;

/// <summary>How far an import is.</summary>
public readonly record struct ImportProgress(int Done, int Total);

/// <summary>An import is done, or nothing of it is.</summary>
/// <param name="Imported">How many rows were imported; 0 when there are errors.</param>
/// <param name="Errors">By place, such as <c>line 7</c>; the header is line 1. At most <see cref="MaxErrors"/>, then one that says that there are more.</param>
public sealed record ImportResult(int Imported, IReadOnlyDictionary<string, string[]> Errors)
{
    public const int MaxErrors = 100;

    public bool Succeeded => Errors.Count == 0;
}
