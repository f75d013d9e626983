using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Telephony.Sip;

/// <summary>A URI (RFC 3261 §19.1), as it was written. Of another scheme than sip and sips only <see cref="Scheme"/> and the text are known.</summary>
public sealed class SipUri
{
    private readonly ReadOnlyMemory<byte> _raw;

    private SipUri(ReadOnlyMemory<byte> raw, in UriView view)
    {
        _raw = raw;
        IsSip = view.IsSip;
        Scheme = SchemeName(view.Scheme);
        User = view.User.IsEmpty ? null : Lexer.Unescape(view.User);
        Host = Lexer.Text(view.Host);
        Port = view.Port == 0 ? null : view.Port;
        Parameters = new(Slice(view.Parameters));
        Headers = Lexer.Text(view.Headers);
    }

    /// <summary>In lower case: <c>sip</c>, <c>sips</c>, <c>tel</c>, ...</summary>
    public string Scheme { get; }

    /// <summary>Whether the scheme is sip or sips, so that the parts below are known.</summary>
    public bool IsSip { get; }

    /// <summary>The user with its escapes resolved; null when there is none.</summary>
    public string? User { get; }

    /// <summary>A name or address; IPv6 in its brackets. Empty when not <see cref="IsSip"/>.</summary>
    public string Host { get; }

    public int? Port { get; }

    public SipParameters Parameters { get; }

    /// <summary>From the question mark, as written; empty when there are none.</summary>
    public string Headers { get; }

    /// <exception cref="FormatException"><paramref name="text"/> is not a URI.</exception>
    public static SipUri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"'{text}' is not a SIP URI.");

    public static bool TryParse(string text, [NotNullWhen(true)] out SipUri? uri) => TryParse(Encoding.UTF8.GetBytes(text), out uri);

    /// <summary>The user part as it must be written in a URI: what is not allowed there, escaped (RFC 3261 §25.1 user).</summary>
    public static string EscapeUser(string user)
    {
        var escaped = new StringBuilder(user.Length);
        foreach (var b in Encoding.UTF8.GetBytes(user))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || "-_.!~*'()&=+$,;?/".Contains((char)b, StringComparison.Ordinal)) escaped.Append((char)b);
            else escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }

    /// <summary>Whether both name the same resource (RFC 3261 §19.1.4).</summary>
    public bool IsSameAs(SipUri other)
    {
        if (!IsSip || !other.IsSip) return ToString() == other.ToString();

        return Scheme == other.Scheme && User == other.User && Port == other.Port
            && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase)
            && string.Equals(Headers, other.Headers, StringComparison.OrdinalIgnoreCase)
            && ParametersMatch(other) && other.ParametersMatch(this);
    }

    /// <summary>As written up to the question mark: what may stand in a Request-URI (RFC 3261 §19.1.1).</summary>
    public string WithoutHeaders()
    {
        var text = ToString();
        return Headers.Length > 0 && text.EndsWith(Headers, StringComparison.Ordinal) ? text[..^Headers.Length].TrimEnd('?') : text;
    }

    /// <summary>As written up to the question mark, but for one parameter.</summary>
    internal string WithoutParameter(string name)
    {
        var text = WithoutHeaders();
        var parameters = Parameters.ToString();
        return parameters.Length == 0 ? text : text[..^parameters.Length] + Parameters.Without(name);
    }

    public override string ToString() => Lexer.Text(_raw.Span);

    internal static bool TryParse(ReadOnlyMemory<byte> raw, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = UriView.TryParse(raw.Span, out var view) ? new SipUri(raw, view) : null;
        return uri is not null;
    }

    // a parameter in both must be equal; user, ttl, method, maddr and transport may not stand in one alone
    private bool ParametersMatch(SipUri other)
    {
        foreach (var (name, value) in Parameters)
        {
            if (other.Parameters[name] is { } theirs)
            {
                if (!string.Equals(value ?? "", theirs, StringComparison.OrdinalIgnoreCase)) return false;
            }
            else if (name.ToLowerInvariant() is "user" or "ttl" or "method" or "maddr" or "transport")
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlyMemory<byte> Slice(ReadOnlySpan<byte> part) =>
        part.IsEmpty || !_raw.Span.Overlaps(part, out var offset) ? default : _raw.Slice(offset, part.Length);

    private static string SchemeName(ReadOnlySpan<byte> scheme) =>
        Lexer.EqualsIgnoreCase(scheme, "sip"u8) ? "sip" : Lexer.EqualsIgnoreCase(scheme, "sips"u8) ? "sips" : Lexer.Text(scheme).ToLowerInvariant();
}
