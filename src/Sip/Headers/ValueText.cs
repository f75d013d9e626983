using System.Text;

namespace Telephony.Sip;

/// <summary>A value with parameters behind it, the shape of most header fields: <c>value *(SEMI generic-param)</c> (RFC 3261 §25.1).</summary>
internal static class ValueText
{
    /// <summary>Takes the parameters off. The value may be empty. False when a quote stays open or they are no parameters.</summary>
    public static bool TrySplit(string text, out string value, out SipParameters parameters)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var semicolon = Lexer.IndexOutside(bytes, (byte)';');
        value = semicolon < 0 ? text.Trim() : Lexer.Text(Lexer.Trim(bytes.AsSpan(0, semicolon)));
        parameters = semicolon < 0 ? default : new(bytes.AsMemory(semicolon));
        return semicolon != -2 && (semicolon < 0 || ParameterReader.IsValid(bytes.AsSpan(semicolon)));
    }

    /// <summary><c>;name=value</c>, in quotes where it is no token; nothing when it is null.</summary>
    public static string Parameter(string name, string? value) => value switch
    {
        null => "",
        _ when Lexer.IsToken(value) => $";{name}={value}",
        _ => $";{name}={Quote(value)}",
    };

    /// <inheritdoc cref="Parameter(string, string?)"/>
    public static string Parameter(string name, uint? value) =>
        value is { } number ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $";{name}={number}") : "";

    /// <summary>As a quoted string (RFC 3261 §25.1).</summary>
    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
