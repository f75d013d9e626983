using System.Collections.Immutable;
using System.Text;

namespace Telephony.Sip;

/// <summary>
/// A request or response (RFC 3261 §7): one buffer and an index over it. Immutable. What is asked for is read from the buffer then, so fields that
/// nobody asks for cost nothing. The fields that every message has were checked, so the properties for them never fail.
/// </summary>
[GenerateSerializer, Immutable]
public abstract class SipMessage
{
    [Id(0)]
    private readonly byte[] _wire;

    [NonSerialized]
    private SipLayout? _layout;

    [NonSerialized]
    private NameAddress? _from, _to;

    [NonSerialized]
    private string? _callId;

    private protected SipMessage(byte[] wire, SipLayout layout)
    {
        _wire = wire;
        _layout = layout;
    }

    /// <summary>The message as it is written; as it was received except that folded lines are unfolded and the edge's <c>received</c> and <c>rport</c> are in.</summary>
    public ReadOnlyMemory<byte> Wire => _wire;

    public NameAddress From => _from ??= Address(HeaderId.From);

    public NameAddress To => _to ??= Address(HeaderId.To);

    public string CallId => _callId ??= Lexer.Text(Value(HeaderId.CallId));

    public CSeq CSeq => CSeq.TryRead(Value(HeaderId.CSeq), out var number, out var method)
        ? new(number, SipMethod.FromToken(method))
        : default;

    /// <summary>The addresses in Contact, without <c>*</c>.</summary>
    public IReadOnlyList<NameAddress> Contacts => Addresses(HeaderId.Contact);

    /// <summary>Whether Contact is <c>*</c>: all bindings (RFC 3261 §10.2.2).</summary>
    public bool HasWildcardContact
    {
        get
        {
            foreach (ref readonly var line in Fields)
            {
                if (line.Id == HeaderId.Contact && line.ValueIn(_wire).SequenceEqual("*"u8)) return true;
            }

            return false;
        }
    }

    /// <summary>The way back, nearest hop first.</summary>
    public IReadOnlyList<Via> Vias
    {
        get
        {
            var vias = new List<Via>(1);
            foreach (var element in Elements(HeaderId.Via))
            {
                if (Via.TryParse(element, out var via)) vias.Add(via);
            }

            return vias;
        }
    }

    /// <summary>The Route set, in order.</summary>
    public IReadOnlyList<NameAddress> Routes => Addresses(HeaderId.Route);

    /// <summary>Record-Route, in order.</summary>
    public IReadOnlyList<NameAddress> RecordRoutes => Addresses(HeaderId.RecordRoute);

    /// <summary>The Expires field in seconds; null when there is none.</summary>
    public uint? Expires => (uint?)Number(HeaderId.Expires);

    /// <summary>The Min-Expires field in seconds (RFC 3261 §20.23); null when there is none.</summary>
    public uint? MinExpires => (uint?)Number(HeaderId.MinExpires);

    public int? MaxForwards => (int?)Number(HeaderId.MaxForwards);

    public ReadOnlyMemory<byte> Body => Wire[Layout.Body..];

    /// <summary>The body's type; null when there is none.</summary>
    public string? ContentType => Find(HeaderId.ContentType) is { } line ? Lexer.FieldText(Lexer.Text(line.ValueIn(_wire))) : null;

    /// <summary>Whether the body has parts of its own (RFC 5621).</summary>
    public bool IsMultipart => Multipart.IsMultipart(Value(HeaderId.ContentType));

    /// <summary>
    /// The body's parts in order, those within parts too: one when the body is not multipart, none when there is no body or when it is not what its type says
    /// (more than 32 parts, or parts within parts more than three deep, count as that).
    /// </summary>
    public IReadOnlyList<BodyPart> BodyParts()
    {
        var parts = new List<BodyPart>();
        if (Body.IsEmpty) return parts;

        var type = Value(HeaderId.ContentType);
        if (Multipart.IsMultipart(type)) return Multipart.TryRead(type, Body, parts) ? parts : [];
        var header = "Content-Type: " + Lexer.Text(type) + (Header("Content-Disposition") is { } disposition ? "\r\nContent-Disposition: " + disposition : "");
        parts.Add(new(Encoding.UTF8.GetBytes(header), Body));
        return parts;
    }

    /// <summary>The body when it has this type, such as <c>application/sdp</c>, or the first of its parts that has; empty when there is none.</summary>
    public ReadOnlyMemory<byte> BodyOf(string mediaType)
    {
        if (!IsMultipart) return Multipart.IsType(Value(HeaderId.ContentType), mediaType) ? Body : default;

        foreach (var part in BodyParts())
        {
            if (part.Is(mediaType)) return part.Content;
        }

        return default;
    }

    /// <summary>The first value of a field by its long or compact name, in any case; null when there is none. A list's values come as one text.</summary>
    public string? Header(string name)
    {
        foreach (ref readonly var field in Fields)
        {
            if (Is(field, name)) return Lexer.FieldText(Lexer.Text(field.ValueIn(_wire)));
        }

        return null;
    }

    /// <summary>All values of a field, in order; those of a field whose grammar is a comma list one by one.</summary>
    public IReadOnlyList<string> Headers(string name)
    {
        if (HeaderTable.Find(name) is var id && HeaderTable.IsList(id)) return Elements(id).ConvertAll(element => Lexer.FieldText(Lexer.Text(element.Span)));

        var values = new List<string>();
        foreach (ref readonly var field in Fields)
        {
            if (Is(field, name)) values.Add(Lexer.FieldText(Lexer.Text(field.ValueIn(_wire))));
        }

        return values;
    }

    /// <summary>The first value of a typed field; null when it is not there or malformed.</summary>
    public T? Header<T>()
        where T : class, ISipHeader<T> => Headers(T.Field) is [var first, ..] && T.TryParse(first, out var value) ? value : null;

    /// <summary>All values of a typed field, in order, without those that are malformed.</summary>
    public IReadOnlyList<T> Headers<T>()
        where T : class, ISipHeader<T>
    {
        var values = new List<T>();
        foreach (var text in Headers(T.Field))
        {
            if (T.TryParse(text, out var value)) values.Add(value);
        }

        return values;
    }

    /// <summary>Whether an option tag (RFC 3261 §19.2) is among a field's values, as <c>path</c> in <c>Supported</c>.</summary>
    public bool HasOption(string field, string tag)
    {
        foreach (var value in Headers(field))
        {
            if (string.Equals(value, tag, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>The message as text, for a trace. It may hold credentials.</summary>
    public override string ToString() => Lexer.Text(_wire);

    internal ReadOnlySpan<byte> Span => _wire;

    internal ReadOnlySpan<HeaderField> Fields => Layout.Fields;

    internal SipLayout Layout => _layout ??= SipParser.Parse((byte[])_wire.Clone(), out var layout) is var _ && layout is not null
        ? layout
        : throw new InvalidOperationException("The serialized bytes are no SIP message.");

    internal HeaderField? Find(HeaderId id)
    {
        foreach (ref readonly var field in Fields)
        {
            if (field.Id == id) return field;
        }

        return null;
    }

    /// <summary>The first value of a field; empty when there is none.</summary>
    internal ReadOnlySpan<byte> Value(HeaderId id) => View.Value(id);

    internal ReadOnlySpan<byte> TopVia => View.TopVia;

    internal SipView View => new(_wire, Layout);

    internal List<ReadOnlyMemory<byte>> Elements(HeaderId id)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        foreach (ref readonly var field in Fields)
        {
            if (field.Id != id) continue;

            var value = Wire.Slice(field.Value, field.ValueLength);
            var rest = value.Span;
            while (Lexer.NextElement(ref rest, out var element))
            {
                if (!element.IsEmpty && value.Span.Overlaps(element, out var offset)) elements.Add(value.Slice(offset, element.Length));
            }
        }

        return elements;
    }

    private bool Is(in HeaderField field, string name)
    {
        var id = HeaderTable.Find(name);
        return id != HeaderId.Other ? field.Id == id : field.Id == id && System.Text.Ascii.EqualsIgnoreCase(field.NameIn(_wire), name);
    }

    private NameAddress Address(HeaderId id) =>
        Find(id) is { } field && NameAddress.TryParse(Wire.Slice(field.Value, field.ValueLength), out var address)
            ? address
            : throw new InvalidOperationException("The message was not checked.");

    private ImmutableArray<NameAddress> Addresses(HeaderId id)
    {
        var addresses = ImmutableArray.CreateBuilder<NameAddress>();
        foreach (var element in Elements(id))
        {
            if (NameAddress.TryParse(element, out var address)) addresses.Add(address);
        }

        return addresses.ToImmutable();
    }

    private long? Number(HeaderId id) => Lexer.TryNumber(Value(id), uint.MaxValue, out var number) ? number : null;
}
