using System.Collections;
using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>The parameters behind a header value or URI (RFC 3261 §7.3.1), in order; names in any case. Reads the bytes when asked, keeps nothing.</summary>
public readonly struct SipParameters : IEnumerable<KeyValuePair<string, string?>>
{
    private readonly ReadOnlyMemory<byte> _raw;

    internal SipParameters(ReadOnlyMemory<byte> raw) => _raw = raw;

    /// <summary>The value without quotes; empty for a flag such as <c>;lr</c>; null when the parameter is not there.</summary>
    public string? this[string name]
    {
        get
        {
            Span<byte> wanted = stackalloc byte[64];
            if (!Encoding.UTF8.TryGetBytes(name, wanted, out var length)) return null;
            return ParameterReader.TryFind(_raw.Span, wanted[..length], out var value) ? Lexer.FieldText(Lexer.Unquote(value)) : null;
        }
    }

    public bool Contains(string name) => this[name] is not null;

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => All().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As written, with the leading semicolon; empty when there are none.</summary>
    public override string ToString() => Lexer.FieldText(Lexer.Text(_raw.Span));

    /// <summary>Reads a number; null when the parameter is not there.</summary>
    /// <returns>False when it is there and no number, or too large.</returns>
    internal bool TryNumber(string name, out uint? number)
    {
        number = null;
        if (this[name] is not { } text) return true;
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        number = value;
        return true;
    }

    /// <summary>As written but for some parameters.</summary>
    internal string Without(params ReadOnlySpan<string> names)
    {
        var kept = new StringBuilder();
        var reader = new ParameterReader(_raw.Span);
        while (reader.Next())
        {
            if (IsAmong(names, reader.Name)) continue;
            kept.Append(';').Append(Lexer.Text(reader.Name));
            if (reader.HasValue) kept.Append('=').Append(Lexer.Text(reader.Value));
        }

        return Lexer.FieldText(kept.ToString());
    }

    private static bool IsAmong(ReadOnlySpan<string> names, ReadOnlySpan<byte> name)
    {
        foreach (var one in names)
        {
            if (Ascii.EqualsIgnoreCase(name, one)) return true;
        }

        return false;
    }

    private List<KeyValuePair<string, string?>> All()
    {
        var all = new List<KeyValuePair<string, string?>>();
        var reader = new ParameterReader(_raw.Span);
        while (reader.Next())
        {
            all.Add(new(Lexer.Text(reader.Name), reader.HasValue ? Lexer.FieldText(Lexer.Unquote(reader.Value)) : null));
        }

        return all;
    }
}
