using System.Buffers.Text;
using System.Text;

namespace Telephony.Sip;

/// <summary>
/// Writes an answer that nobody keeps (RFC 3261 §8.2.6, §8.2.7) into a buffer, from the request where it lies. Allocates nothing. What was wrong in the request is
/// copied as it is.
/// </summary>
internal ref struct ResponseWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;
    private bool _isFull;

    /// <summary>The most bytes that an answer has more than its request and the fields that are added.</summary>
    public const int Overhead = 512;

    /// <summary>Writes the status line and the fields that are copied; the top Via says where the request came from, as <see cref="ViaStamp"/> does.</summary>
    /// <param name="tag">For a To without one: the same for every copy of the request.</param>
    public void Start(scoped in SipView request, Channel channel, int status, string reason, ulong tag)
    {
        Span<byte> stamp = stackalloc byte[1024];
        var isTop = true;
        Put("SIP/2.0 "u8);
        Put(status);
        Put(" "u8);
        Put(reason);
        Put("\r\n"u8);
        foreach (ref readonly var field in request.Fields)
        {
            if (field.Id is not (HeaderId.Via or HeaderId.From or HeaderId.To or HeaderId.CallId or HeaderId.CSeq)) continue;

            var value = field.ValueIn(request.Wire);
            Put(HeaderTable.Name(field.Id));
            Put(": "u8);
            if (field.Id == HeaderId.Via && isTop && ViaStamp.TryWrite(request.Wire, field, channel, stamp, out var replaced, out var via))
            {
                Put(via);
                value = value[replaced..];
            }

            isTop &= field.Id != HeaderId.Via;
            Put(value);
            if (field.Id == HeaderId.To && !(NameAddressView.TryParse(value, out var to) && !to.Tag.IsEmpty))
            {
                Put(";tag="u8);
                PutHex(tag);
            }

            Put("\r\n"u8);
        }
    }

    /// <summary>Adds a field.</summary>
    public void Add(string name, string value)
    {
        Put(name);
        Put(": "u8);
        Put(value);
        Put("\r\n"u8);
    }

    /// <summary>Adds whole lines.</summary>
    public void Put(scoped ReadOnlySpan<byte> text)
    {
        _isFull |= text.Length > _buffer.Length - _length;
        if (_isFull) return;
        text.CopyTo(_buffer[_length..]);
        _length += text.Length;
    }

    public void Put(string text)
    {
        _isFull |= !Encoding.UTF8.TryGetBytes(text, _buffer[_length..], out var written);
        _length += written;
    }

    /// <summary>Room for a text, to be counted with <see cref="Took"/>.</summary>
    public readonly Span<byte> Rest => _buffer[_length..];

    public void Took(int length) => _length += length;

    /// <returns>False when the buffer was too small for it.</returns>
    public bool TryFinish(out ReadOnlySpan<byte> message)
    {
        Put("Content-Length: 0\r\n\r\n"u8);
        message = _buffer[.._length];
        return !_isFull;
    }

    private void Put(int number)
    {
        _isFull |= !Utf8Formatter.TryFormat(number, _buffer[_length..], out var written);
        _length += written;
    }

    private void PutHex(ulong number)
    {
        _isFull |= !number.TryFormat(_buffer[_length..], out var written, "x16", System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }
}
