namespace Telephony.Configuration.Import;

/// <summary>One line of the file, its fields valid each for itself. Empty passwords and null: leave what there is.</summary>
internal sealed record ImportRow(int Line, string Number, string DisplayName, string? Department, string? Email, string SipPassword, string WebPassword, string Role,
    string? MediaSecurity);
