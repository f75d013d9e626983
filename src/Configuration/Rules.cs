using System.Buffers;
using System.Text.RegularExpressions;

namespace Telephony.Configuration;

/// <summary>What a value must be like. Each answers with what is wrong, for people, or null. Passwords are never repeated in an answer.</summary>
internal static partial class Rules
{
    private static readonly SearchValues<char> Specials = SearchValues.Create("?!#_$.");

    public static string? Domain(string value) =>
        value.Length is > 0 and <= 253 && DomainShape().IsMatch(value) ? null : "The domain must be a DNS name such as pbx.example, at most 253 characters.";

    public static string? TenantName(string value) => Text("The name", value, 100);

    public static string? Extension(string value) =>
        value.Length is >= 2 and <= 10 && value.All(char.IsAsciiDigit) ? null : $"extension must be 2 to 10 digits, not '{Shown(value)}'.";

    public static string? DisplayName(string value) => Text("display_name", value, 100);

    public static string? Department(string value) => value.Length == 0 ? null : Text("department", value, 100);

    public static string? Email(string value) =>
        value.Length == 0 || (value.Length <= 254 && EmailShape().IsMatch(value)) ? null : $"email must look like name@host, not '{Shown(value)}'.";

    public static string? Role(string value) =>
        Roles.OfTenant.Contains(value) ? null : $"role must be one of {string.Join(", ", Roles.OfTenant.Order())}, not '{Shown(value)}'.";

    public static string? MediaSecurity(string value) =>
        value.Length == 0 || value is "none" or "optional" or "required" ? null : $"media_security must be none, optional or required, not '{Shown(value)}'.";

    public static string? SipPassword(string value) =>
        value.Length is >= 8 and <= 128 && !value.Any(char.IsControl) ? null : "sip_password must have 8 to 128 characters, none of them a control character.";

    /// <summary>AUTH-21 to AUTH-24.</summary>
    public static string? WebPassword(string value) =>
        value.Length is >= 8 and <= 128 && value.Any(char.IsUpper) && value.Any(char.IsLower) && value.Any(char.IsDigit) && value.AsSpan().ContainsAny(Specials) && !value.Any(char.IsControl)
            ? null
            : "web_password must have 8 to 128 characters: at least one upper-case and one lower-case letter, one digit and one of ? ! # _ $ .";

    /// <summary>A stranger's text, made short and harmless for an error message.</summary>
    public static string Shown(string value) => string.Concat(value.Take(40).Select(c => char.IsControl(c) ? '?' : c)) + (value.Length > 40 ? "…" : "");

    private static string? Text(string what, string value, int longest) =>
        value.Length >= 1 && value.Length <= longest && !value.Any(char.IsControl) && !string.IsNullOrWhiteSpace(value)
            ? null
            : $"{what} must have 1 to {longest} characters, none of them a control character.";

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex DomainShape();

    [GeneratedRegex("^[^\\s@\\p{C}\"<>,;]+@[^\\s@\\p{C}\"<>,;]+\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex EmailShape();
}
