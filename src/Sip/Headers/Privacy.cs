using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>What a caller may want hidden (RFC 3323 §4.2, <c>id</c>: RFC 3325 §9.3, <c>history</c>: RFC 7044 §10.1).</summary>
[Flags]
public enum PrivacyKinds
{
    /// <summary>Nothing said.</summary>
    Unsaid = 0,

    /// <summary><c>none</c>: nothing may be hidden.</summary>
    None = 1,

    /// <summary><c>header</c>: the fields that the caller can't hide without losing the way back.</summary>
    Header = 2,

    /// <summary><c>session</c>: the addresses of the media.</summary>
    Session = 4,

    /// <summary><c>user</c>: what the caller's phone could have hidden itself.</summary>
    User = 8,

    /// <summary><c>critical</c>: rather no call than one that is not private.</summary>
    Critical = 16,

    /// <summary><c>id</c>: the asserted identity.</summary>
    Id = 32,

    /// <summary><c>history</c>: who it was diverted by.</summary>
    History = 64,
}

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
