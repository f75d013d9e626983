using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Privacy (RFC 3323 §4.2). Its values are parted by semicolons.</summary>
/// <param name="Others">Values that are not known, as written, parted by semicolons.</param>
[GenerateSerializer, Immutable]
public sealed record Privacy([property: Id(0)] PrivacyKinds Kinds, [property: Id(1)] string Others = "") : ISipHeader<Privacy>
{
    private static readonly (string Name, PrivacyKinds Kind)[] Names =
    [
        ("header", PrivacyKinds.Header), ("session", PrivacyKinds.Session), ("user", PrivacyKinds.User), ("none", PrivacyKinds.None),
        ("id", PrivacyKinds.Id), ("history", PrivacyKinds.History), ("critical", PrivacyKinds.Critical),
    ];

    public static string Field => "Privacy";

    /// <summary>What a message asks for, all its lines together.</summary>
    public static PrivacyKinds Of(SipMessage message) => message.Headers<Privacy>().Aggregate(PrivacyKinds.Unsaid, (all, one) => all | one.Kinds);

    public static bool TryParse(string text, [NotNullWhen(true)] out Privacy? value)
    {
        value = null;
        var kinds = PrivacyKinds.Unsaid;
        var others = new List<string>();
        foreach (var name in text.Split([';', ','], StringSplitOptions.TrimEntries)) // commas: as some write it
        {
            if (!Lexer.IsToken(name)) return false;
            if (Array.Find(Names, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } known) kinds |= known.Kind;
            else others.Add(name);
        }

        value = new(kinds, string.Join(';', others));
        return true;
    }

    public override string ToString()
    {
        var names = Names.Where(known => Kinds.HasFlag(known.Kind)).Select(known => known.Name);
        return string.Join(';', Others.Length == 0 ? names : names.Append(Others));
    }
}
