using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>The header fields that a URI carries behind its question mark (RFC 3261 §19.1.1): those of the request that is made from it.</summary>
public static class UriHeaders
{
    private const int MaxFields = 32;
    private const string Plain = "-_.!~*'()[]/?:+$"; // unreserved and hnv-unreserved, beside letters and digits

    /// <summary>The fields of a URI in order, unescaped; at most 32. What has no name, or a line break in it, is left out.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Of(SipUri uri)
    {
        if (uri.Headers.Length < 2) return [];

        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var field in uri.Headers[1..].Split('&', MaxFields + 1).Take(MaxFields))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var name = Lexer.Unescape(equals < 0 ? field : field[..equals]);
            var value = equals < 0 ? "" : Lexer.Unescape(field[(equals + 1)..]);
            if (Lexer.IsToken(name) && Lexer.IsFieldText(value)) fields.Add(new(name, value));
        }

        return fields.ToImmutable();
    }

    /// <summary>The first field of that name, in any case or by its compact form; null when there is none.</summary>
    public static string? Find(SipUri uri, string name)
    {
        var id = HeaderTable.Find(name);
        foreach (var field in Of(uri))
        {
            if (string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase) || id != HeaderId.Other && HeaderTable.Find(field.Key) == id) return field.Value;
        }

        return null;
    }

    /// <summary>The URI with one more field, escaped.</summary>
    public static string Add(string uri, string name, string value) => $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Escape(value)}";

    /// <summary>Everything that may not stand in a URI's header as <c>%XX</c>.</summary>
    public static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || Plain.Contains((char)b, StringComparison.Ordinal)) escaped.Append((char)b);
            else escaped.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
