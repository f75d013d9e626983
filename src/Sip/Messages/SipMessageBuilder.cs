using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>Writes a message. Not for use by two threads at once. Fields keep the order they were added in; Content-Length is always the body's.</summary>
public abstract class SipMessageBuilder<TBuilder>
    where TBuilder : SipMessageBuilder<TBuilder>
{
    private readonly List<Line> _lines = new(16);
    private ReadOnlyMemory<byte> _body;

    private protected SipMessageBuilder()
    {
    }

    private protected SipMessageBuilder(SipMessage message)
    {
        foreach (ref readonly var field in message.Fields)
        {
            if (field.Id != HeaderId.ContentLength) Copy(message, field);
        }

        _body = message.Body;
    }

    /// <summary>Adds a field behind the others.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value has a line break.</exception>
    public TBuilder Add(string name, string value) => Insert(_lines.Count, name, value);

    /// <summary>Adds a field in front of the others, as a proxy does with Via, Route and Record-Route.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public TBuilder AddFirst(string name, string value) => Insert(0, name, value);

    /// <summary>Puts a field in the place of all that have its name; at the end when there was none.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public TBuilder Set(string name, string value)
    {
        var id = HeaderTable.Find(name);
        var at = _lines.FindIndex(line => line.Is(id, name));
        Remove(name);
        return Insert(at < 0 ? _lines.Count : at, name, value);
    }

    /// <summary>Removes a field by its long or compact name.</summary>
    public TBuilder Remove(string name)
    {
        var id = HeaderTable.Find(name);
        _lines.RemoveAll(line => line.Is(id, name));
        return (TBuilder)this;
    }

    /// <summary>Whether a field is there.</summary>
    public bool Has(string name)
    {
        var id = HeaderTable.Find(name);
        return _lines.Exists(line => line.Is(id, name));
    }

    /// <summary>Sets the body and its type. The bytes must not change until the message is built.</summary>
    /// <exception cref="ArgumentException">The type has a line break.</exception>
    public TBuilder Body(ReadOnlyMemory<byte> body, string contentType)
    {
        _body = body;
        return body.IsEmpty ? Remove("Content-Type") : Set("Content-Type", contentType);
    }

    /// <inheritdoc cref="Body(ReadOnlyMemory{byte}, string)"/>
    public TBuilder Body(string body, string contentType) => Body(Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>Removes the body and its type.</summary>
    public TBuilder NoBody() => Body(ReadOnlyMemory<byte>.Empty, "");

    private protected void Copy(SipMessage message, in HeaderField field) => _lines.Add(new(
        field.Id,
        field.Id == HeaderId.Other ? Lexer.Text(field.NameIn(message.Span)) : null,
        message.Wire.Slice(field.Value, field.ValueLength),
        null));

    private protected void CopyWithTag(SipMessage message, in HeaderField field, string tag) => _lines.Add(new(
        field.Id, null, message.Wire.Slice(field.Value, field.ValueLength), ";tag=" + tag));

    private protected byte[] Write(string startLine, out SipLayout layout)
    {
        var wire = Write(startLine);
        var error = SipParser.Parse(wire, out var parsed);
        layout = !error.IsError && parsed is not null ? parsed : throw new InvalidOperationException($"The message is not complete: {error.Reason}.");
        return wire;
    }

    private protected byte[] Write(string startLine)
    {
        var length = Encoding.UTF8.GetByteCount(startLine) + 2;
        foreach (var line in _lines) length += line.Length;
        var contentLength = _body.Length.ToString(CultureInfo.InvariantCulture);
        length += "Content-Length: \r\n\r\n".Length + contentLength.Length + _body.Length;

        var wire = new byte[length];
        var rest = wire.AsSpan();
        Put(ref rest, startLine);
        Put(ref rest, "\r\n"u8);
        foreach (var line in _lines) line.Write(ref rest);
        Put(ref rest, "Content-Length: "u8);
        Put(ref rest, contentLength);
        Put(ref rest, "\r\n\r\n"u8);
        Put(ref rest, _body.Span);
        return wire;
    }

    private TBuilder Insert(int at, string name, string value)
    {
        if (!Lexer.IsToken(name)) throw new ArgumentException($"'{name}' is not a header field's name.", nameof(name));
        if (!Lexer.IsFieldText(value)) throw new ArgumentException($"The value of {name} has a line break.", nameof(value));

        var id = HeaderTable.Find(name);
        if (id == HeaderId.ContentLength) return (TBuilder)this; // always the body's
        _lines.Insert(at, new(id, id == HeaderId.Other ? name : null, default, value));
        return (TBuilder)this;
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void Put(ref Span<byte> rest, string text) => rest = rest[Encoding.UTF8.GetBytes(text, rest)..];

    /// <summary>A field: bytes of another message, then text; one of them may be empty.</summary>
    private readonly record struct Line(HeaderId Id, string? Name, ReadOnlyMemory<byte> Raw, string? Text)
    {
        public int Length => (Name?.Length ?? HeaderTable.Name(Id).Length) + 4 + Raw.Length + (Text is null ? 0 : Encoding.UTF8.GetByteCount(Text));

        public bool Is(HeaderId id, string name) => id == Id && (id != HeaderId.Other || string.Equals(Name, name, StringComparison.OrdinalIgnoreCase));

        public void Write(ref Span<byte> rest)
        {
            if (Name is null) Put(ref rest, HeaderTable.Name(Id));
            else Put(ref rest, Name);
            Put(ref rest, ": "u8);
            Put(ref rest, Raw.Span);
            if (Text is not null) Put(ref rest, Text);
            Put(ref rest, "\r\n"u8);
        }
    }
}
