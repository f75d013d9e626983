using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Reads a description line by line (RFC 8866 §5), ended by CRLF or, as that section asks of parsers, by LF alone.</summary>
internal ref struct SdpReader(ReadOnlySpan<byte> description)
{
    private ReadOnlySpan<byte> _rest = description;

    /// <summary>True once a line was found that is no <c>letter=value</c> or that has a control character in it.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>False at the end and at the first malformed line.</summary>
    public bool TryRead(out SdpLine line)
    {
        line = default;
        if (_rest.IsEmpty) return false;

        var end = _rest.IndexOf((byte)'\n');
        var text = end < 0 ? _rest : _rest[..end];
        if (!text.IsEmpty && text[^1] == '\r') text = text[..^1];
        if (text.IsEmpty) // only blank lines may follow
        {
            IsMalformed = _rest.ContainsAnyExcept((byte)'\r', (byte)'\n');
            _rest = default;
            return false;
        }

        if (text.Length < 2 || text[0] is < (byte)'a' or > (byte)'z' || text[1] != '=' || HasControl(text))
        {
            IsMalformed = true;
            return false;
        }

        line = new SdpLine(text[0], Encoding.Latin1.GetString(text[2..]));
        _rest = end < 0 ? default : _rest[(end + 1)..];
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
