using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Telephony.Events;

/// <summary>Rows in PostgreSQL's binary COPY format (its documentation, "COPY", "Binary Format").</summary>
internal sealed class CopyBuffer : IDisposable
{
    private const int Full = 60 << 10;
    private static readonly DateTime s_epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Full + (4 << 10));
    private int _length;

    /// <summary>Begins with the header: signature, no flags, no extension.</summary>
    public CopyBuffer()
    {
        ReadOnlySpan<byte> header = [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header.CopyTo(Reserve(header.Length));
    }

    /// <summary>It is time to <see cref="Take"/>.</summary>
    public bool IsFull => _length >= Full;

    /// <summary>What was written since the last time; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var taken = _bytes.AsMemory(0, _length);
        _length = 0;
        return taken;
    }

    public void BeginRow(short columns) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), columns);

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), -1);

    public void Write(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), value);

    public void Write(Guid value) => value.TryWriteBytes(Field(16), bigEndian: true, out _);

    public void Write(DateTime value) => Write((value - s_epoch).Ticks / TimeSpan.TicksPerMicrosecond);

    public void Write(string? text)
    {
        if (text is null) BinaryPrimitives.WriteInt32BigEndian(Reserve(4), -1);
        else Encoding.UTF8.GetBytes(text, Field(Encoding.UTF8.GetByteCount(text)));
    }

    /// <summary>As jsonb, whose version is 1.</summary>
    public void WriteJson(ReadOnlySpan<byte> json)
    {
        var field = Field(json.Length + 1);
        field[0] = 1;
        json.CopyTo(field[1..]);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private Span<byte> Field(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), length);
        return Reserve(length);
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + count));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
