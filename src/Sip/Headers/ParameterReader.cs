using System.Buffers;

namespace Telephony.Sip;

/// <summary>Walks <c>;name=value;name</c> (RFC 3261 §25.1 generic-param) without allocating. White space around each part is skipped.</summary>
internal ref struct ParameterReader(ReadOnlySpan<byte> parameters)
{
    private static readonly SearchValues<byte> NameEnd = SearchValues.Create(";= \t\",<>\0"u8);

    private ReadOnlySpan<byte> _rest = Lexer.Trim(parameters);

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value as written, quotes and all; empty for a flag.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool HasValue { get; private set; }

    /// <summary>Set when reading stopped because the text is not a list of parameters.</summary>
    public bool IsMalformed { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        if (_rest[0] != ';') return Malformed();

        // a URI's parameters have a few more characters than a token (paramchar); take all that ends nothing
        _rest = Lexer.TrimStart(_rest[1..]);
        var end = _rest.IndexOfAny(NameEnd) is var stop && stop >= 0 ? stop : _rest.Length;
        Name = _rest[..end];
        if (end < _rest.Length && Lexer.IsSpace(_rest[end])) end += _rest.Length - end - Lexer.TrimStart(_rest[end..]).Length;
        if (Name.IsEmpty || end < _rest.Length && _rest[end] is not ((byte)';' or (byte)'=')) return Malformed();

        _rest = _rest[end..];
        HasValue = !_rest.IsEmpty && _rest[0] == '=';
        Value = default;
        if (!HasValue) return true;

        _rest = Lexer.TrimStart(_rest[1..]);
        int length;
        if (!_rest.IsEmpty && _rest[0] == '"')
        {
            length = Lexer.QuotedLength(_rest);
            if (length < 0) return Malformed();
        }
        else
        {
            length = _rest.IndexOfAny((byte)';', (byte)0) is var stopped && stopped >= 0 ? stopped : _rest.Length; // behind a NUL nothing is a parameter
        }

        Value = Lexer.TrimEnd(_rest[..length]);
        _rest = Lexer.TrimStart(_rest[length..]);
        return !Value.IsEmpty || Malformed();
    }

    /// <summary>Finds a parameter by name, in any case. A flag is found with an empty value.</summary>
    public static bool TryFind(ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var reader = new ParameterReader(parameters);
        while (reader.Next())
        {
            if (!Lexer.EqualsIgnoreCase(reader.Name, name)) continue;
            value = reader.Value;
            return true;
        }

        value = default;
        return false;
    }

    public static bool IsValid(ReadOnlySpan<byte> parameters)
    {
        var reader = new ParameterReader(parameters);
        while (reader.Next())
        {
        }

        return !reader.IsMalformed;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        return false;
    }
}
