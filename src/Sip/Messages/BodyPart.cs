namespace Telephony.Sip;

/// <summary>One part of a body (RFC 2046 §5.1, RFC 5621): its own header and what it holds, as views over the message. Of a body that is not multipart, there is one.</summary>
public readonly struct BodyPart
{
    private readonly ReadOnlyMemory<byte> _header;

    internal BodyPart(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> content)
    {
        _header = header;
        Content = content;
    }

    /// <summary>What the part holds, byte for byte.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Its type with parameters; text/plain when it says none (RFC 2046 §5.1).</summary>
    public string ContentType => Header("Content-Type") ?? "text/plain";

    /// <summary>Whether the message must be refused when this part can't be understood: it says <c>handling=required</c> (RFC 3261 §20.11). Nothing said counts as optional.</summary>
    public bool IsRequired =>
        Header("Content-Disposition") is { } disposition
        && disposition.IndexOf(';', StringComparison.Ordinal) is > 0 and var at
        && string.Equals(new SipParameters(System.Text.Encoding.UTF8.GetBytes(disposition[at..]))["handling"], "required", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether its type is this one, such as <c>application/sdp</c>, whatever the parameters.</summary>
    public bool Is(string mediaType) => Multipart.IsType(System.Text.Encoding.UTF8.GetBytes(ContentType), mediaType);

    /// <summary>A field of its header, in any case, folded lines as one; null when it is not there.</summary>
    public string? Header(string name) => Multipart.TryFind(_header.Span, name, out var value) ? Lexer.Text(value).ReplaceLineEndings(" ") : null;
}
