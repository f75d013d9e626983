using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Telephony.Sip;

/// <summary>Writes a message (RFC 3261 §7.3). Not for use by two threads at once. Fields keep the order they were added in; Content-Length is always the body's.</summary>
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

    /// <summary>Adds a typed field behind the others.</summary>
    /// <exception cref="ArgumentException">A part of it has a line break.</exception>
    public TBuilder Add<T>(T value)
        where T : class, ISipHeader<T> => Add(T.Field, value.ToString()!);

    /// <summary>Puts a typed field in the place of all that have its name.</summary>
    /// <exception cref="ArgumentException">A part of it has a line break.</exception>
    public TBuilder Set<T>(T value)
        where T : class, ISipHeader<T> => Set(T.Field, value.ToString()!);

    /// <summary>Adds a field in front of the others, as a proxy does with Via, Route and Record-Route.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public TBuilder AddFirst(string name, string value) => Insert(0, name, value);

    /// <summary>Puts a field in the place of all that have its name; at the end when there was none.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public TBuilder Set(string name, string value)
    {
        var id = HeaderTable.Find(name);
        var at = IndexOf(id, name);
        Remove(name);
        return Insert(at < 0 ? _lines.Count : at, name, value);
    }

    /// <summary>Removes a field by its long or compact name.</summary>
    public TBuilder Remove(string name)
    {
        var id = HeaderTable.Find(name);
        for (var at = IndexOf(id, name); at >= 0; at = IndexOf(id, name)) _lines.RemoveAt(at);
        return (TBuilder)this;
    }

    /// <summary>Whether a field is there.</summary>
    public bool Has(string name) => IndexOf(HeaderTable.Find(name), name) >= 0;

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

    /// <summary>Writes the message, and its index while at it: nothing is parsed again. What was not read from another message is checked.</summary>
    /// <param name="one">The start line's three words.</param>
    /// <exception cref="InvalidOperationException">A field is missing or malformed; it says which.</exception>
    private protected byte[] Write(string one, string two, string three, bool isRequest, out SipLayout layout)
    {
        if (one.Length == 0) throw Incomplete("No start line");
        if (_lines.Count >= SipParser.MaxFields) throw Incomplete("Too many header fields");
        var length = Length(one, two, three);
        if (length > SipParser.MaxMessage) throw Incomplete("Message Too Large");

        var wire = new byte[length];
        var fields = new HeaderField[_lines.Count + 1];
        Span<bool> isKnownGood = stackalloc bool[fields.Length];
        var (first, second, body) = Write(wire, one, two, three, isRequest, fields, isKnownGood);
        var error = FieldRules.Check(wire, fields, isRequest ? wire.AsSpan(first) : default, out _, isKnownGood);
        if (error.IsError) throw Incomplete(error.Reason);

        var status = isRequest ? 0 : (wire[first.Start.Value] - '0') * 100 + (wire[first.Start.Value + 1] - '0') * 10 + wire[first.Start.Value + 2] - '0';
        layout = new(fields, first, second, status, body, length);
        return wire;
    }

    private int Length(string one, string two, string three)
    {
        var length = Encoding.UTF8.GetByteCount(one) + Encoding.UTF8.GetByteCount(two) + Encoding.UTF8.GetByteCount(three) + 4;
        foreach (ref readonly var line in CollectionsMarshal.AsSpan(_lines)) length += line.Length;
        return length + "Content-Length: \r\n\r\n".Length + Digits(_body.Length) + _body.Length;
    }

    private (Range First, Range Second, int Body) Write(
        byte[] wire, string one, string two, string three, bool isRequest, Span<HeaderField> fields, Span<bool> isKnownGood)
    {
        var rest = wire.AsSpan();
        Put(ref rest, one);
        var afterOne = wire.Length - rest.Length;
        Put(ref rest, " "u8);
        Put(ref rest, two);
        var afterTwo = wire.Length - rest.Length;
        Put(ref rest, " "u8);
        Put(ref rest, three);
        var afterThree = wire.Length - rest.Length;
        Put(ref rest, "\r\n"u8);

        var at = 0;
        foreach (ref readonly var line in CollectionsMarshal.AsSpan(_lines))
        {
            var from = wire.Length - rest.Length;
            line.Write(ref rest);

            var start = from + line.NameLength + 2;
            var end = wire.Length - rest.Length - 2;
            while (start < end && Lexer.IsSpace(wire[start])) start++;
            while (end > start && Lexer.IsSpace(wire[end - 1])) end--;
            fields[at] = new(line.Id, (ushort)from, (ushort)line.NameLength, (ushort)start, (ushort)(end - start));
            isKnownGood[at++] = !line.Raw.IsEmpty;
        }

        var length = wire.Length - rest.Length;
        Put(ref rest, "Content-Length: "u8);
        _body.Length.TryFormat(rest, out var digits, default, CultureInfo.InvariantCulture);
        rest = rest[digits..];
        Put(ref rest, "\r\n\r\n"u8);
        Put(ref rest, _body.Span);
        fields[at] = new(HeaderId.ContentLength, (ushort)length, 14, (ushort)(length + 16), (ushort)digits);
        return (isRequest ? ..afterOne : (afterOne + 1)..afterTwo, isRequest ? (afterOne + 1)..afterTwo : (afterTwo + 1)..afterThree, wire.Length - _body.Length);
    }

    private static int Digits(int number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10) digits++;
        return digits;
    }

    private static InvalidOperationException Incomplete(string reason) => new($"The message is not complete: {reason}.");

    private int IndexOf(HeaderId id, string name)
    {
        for (var at = 0; at < _lines.Count; at++)
        {
            if (_lines[at].Is(id, name)) return at;
        }

        return -1;
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
        public int NameLength => Name?.Length ?? HeaderTable.Name(Id).Length;

        public int Length => NameLength + 4 + Raw.Length + (Text is null ? 0 : Encoding.UTF8.GetByteCount(Text));

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
