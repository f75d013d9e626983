namespace Telephony.Sip;

/// <summary>One part of a body (RFC 2046 §5.1, RFC 5621): its own header and what it holds, as views over the message. Of a body that is not multipart, there is one.</summary>
public readonly struct BodyPart
{
    private readonly ReadOnlyMemory<byte> _header;
    private readonly bool _isAlternative;

    /// <param name="isAlternative">Whether it is one of several that say the same.</param>
    internal BodyPart(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> content, bool isAlternative = false)
    {
        _header = header;
        _isAlternative = isAlternative;
        Content = content;
    }

    /// <summary>What the part holds, byte for byte.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Its type with parameters; text/plain when it says none (RFC 2046 §5.1).</summary>
    public string ContentType => Header("Content-Type") ?? "text/plain";

    /// <summary>
    /// Whether the message must be refused when this part can't be understood: unless it says <c>handling=optional</c> (RFC 3261 §20.11, RFC 3204 §6), or another part of a
    /// <c>multipart/alternative</c> may stand for it (RFC 5621 §8.2).
    /// </summary>
    public bool IsRequired
    {
        get
        {
            if (_isAlternative) return false;
            var disposition = Header("Content-Disposition");
            var at = disposition?.IndexOf(';', StringComparison.Ordinal) ?? -1;
            return at < 0 || !string.Equals(new SipParameters(System.Text.Encoding.UTF8.GetBytes(disposition![at..]))["handling"], "optional", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Whether its type is this one, such as <c>application/sdp</c>, whatever the parameters.</summary>
    public bool Is(string mediaType) => Multipart.IsType(System.Text.Encoding.UTF8.GetBytes(ContentType), mediaType);

    /// <summary>A field of its header, in any case, folded lines as one; null when it is not there.</summary>
    public string? Header(string name) => Multipart.TryFind(_header.Span, name, out var value) ? Lexer.Text(value).ReplaceLineEndings(" ") : null;
}
