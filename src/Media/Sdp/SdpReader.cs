namespace Telephony.Media.Sdp;

/// <summary>Reads a description line by line (RFC 4566 §5), ended by CRLF or, as that section asks of parsers, by LF alone.</summary>
internal ref struct SdpReader(ReadOnlySpan<byte> description)
{
    private readonly ReadOnlySpan<byte> _description = description;
    private int _at;

    /// <summary>True once a line was found that is no <c>letter=value</c> or that has a control character in it.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>False at the end and at the first malformed line.</summary>
    public bool TryRead(out SdpLine line)
    {
        line = default;
        var rest = _description[_at..];
        if (rest.IsEmpty) return false;

        var end = rest.IndexOf((byte)'\n');
        var text = end < 0 ? rest : rest[..end];
        if (!text.IsEmpty && text[^1] == '\r') text = text[..^1];
        if (text.IsEmpty) // only blank lines may follow
        {
            IsMalformed = rest.ContainsAnyExcept((byte)'\r', (byte)'\n');
            _at = _description.Length;
            return false;
        }

        if (text.Length < 2 || text[0] is < (byte)'a' or > (byte)'z' || text[1] != '=' || HasControl(text))
        {
            IsMalformed = true;
            return false;
        }

        line = new SdpLine(text[0], _at + 2, text.Length - 2);
        _at += end < 0 ? rest.Length : end + 1;
        return true;
    }

    // a bare CR or NUL would reach the other peer, whose parser may see a line end there
    private static bool HasControl(ReadOnlySpan<byte> text)
    {
        foreach (var c in text)
        {
            if (c is < 0x20 and not (byte)'\t' or 0x7f) return true;
        }

        return false;
    }
}
