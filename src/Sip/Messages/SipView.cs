namespace Telephony.Sip;

/// <summary>A message where it lies, with its index (RFC 3261 §7): of one that is kept, or in a receive buffer. Allocates nothing.</summary>
internal readonly ref struct SipView
{
    private readonly Range _first, _second;
    private readonly int _body, _length;

    /// <param name="index">Good until the next message is parsed on this thread, and so is this.</param>
    public SipView(ReadOnlySpan<byte> wire, in SipIndex index)
    {
        Wire = wire;
        Fields = index.Fields;
        (_first, _second, _body, _length) = (index.First, index.Second, index.Body, index.Length);
    }

    public SipView(ReadOnlySpan<byte> wire, SipLayout layout)
    {
        Wire = wire;
        Fields = layout.Fields;
        (_first, _second, _body, _length) = (layout.First, layout.Second, layout.Body, layout.Length);
    }

    public ReadOnlySpan<byte> Wire { get; }

    public ReadOnlySpan<HeaderField> Fields { get; }

    /// <summary>A request's; a response's status.</summary>
    public ReadOnlySpan<byte> Method => Wire[_first];

    public ReadOnlySpan<byte> RequestUri => Wire[_second];

    public ReadOnlySpan<byte> Body => Wire[_body.._length];

    public ReadOnlySpan<byte> TopVia
    {
        get
        {
            var value = Value(HeaderId.Via);
            var comma = Lexer.IndexOutside(value, (byte)',');
            return comma < 0 ? value : value[..comma].TrimEnd(" \t"u8);
        }
    }

    public bool Has(HeaderId id) => IndexOf(id) >= 0;

    /// <summary>The first value of a field; empty when there is none.</summary>
    public ReadOnlySpan<byte> Value(HeaderId id) => IndexOf(id) is >= 0 and var at ? Fields[at].ValueIn(Wire) : default;

    private int IndexOf(HeaderId id)
    {
        for (var at = 0; at < Fields.Length; at++)
        {
            if (Fields[at].Id == id) return at;
        }

        return -1;
    }
}
