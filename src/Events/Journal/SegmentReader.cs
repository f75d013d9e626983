using Microsoft.Win32.SafeHandles;

namespace Telephony.Events;

/// <summary>Reads the records of one segment, in order, up to a limit that may grow meanwhile.</summary>
internal sealed class SegmentReader(Segment segment, long position) : IDisposable
{
    private const int Chunk = 64 << 10;
    private readonly SafeFileHandle _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    private ReadOnlyMemory<byte> _chunk; // the bytes from Position on; never written to again, so that slices of it live on

    public Segment Segment => segment;

    /// <summary>Where the next record begins.</summary>
    public long Position { get; private set; } = Math.Max(position, segment.FirstRecord);

    /// <summary>The payload of the next record.</summary>
    /// <returns>False at the limit, and before anything that is no whole record with the right checksum: then <see cref="Position"/> is below the limit.</returns>
    public bool TryRead(long limit, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!Fill(JournalRecord.HeaderSize, limit)) return false;

        var length = JournalRecord.Length(_chunk.Span, Position);
        if (length < 0 || !Fill(JournalRecord.HeaderSize + length, limit)) return false;

        var record = _chunk[..(JournalRecord.HeaderSize + length)];
        if (!JournalRecord.Check(record.Span, Position)) return false;

        payload = record[JournalRecord.HeaderSize..];
        Skip(record.Length);
        return true;
    }

    /// <summary>Goes to the next whole record after something that is none.</summary>
    /// <returns>False when there is none up to the limit; the position is then the same as before.</returns>
    public bool TryResync(long limit)
    {
        var (before, chunk) = (Position, _chunk);
        for (Skip(1); Fill(JournalRecord.HeaderSize, limit); Skip(1))
        {
            var length = JournalRecord.Length(_chunk.Span, Position);
            if (length > 0 && Fill(JournalRecord.HeaderSize + length, limit) && JournalRecord.Check(_chunk.Span[..(JournalRecord.HeaderSize + length)], Position)) return true;
        }

        (Position, _chunk) = (before, chunk);
        return false;
    }

    public void Dispose() => _file.Dispose();

    private void Skip(int count)
    {
        _chunk = _chunk[Math.Min(count, _chunk.Length)..];
        Position += count;
    }

    private bool Fill(int needed, long limit)
    {
        if (limit - Position < needed) return false;
        if (_chunk.Length >= needed) return true;

        var chunk = new byte[(int)Math.Min(Math.Max(Chunk, needed), limit - Position)];
        var filled = 0;
        while (filled < chunk.Length && RandomAccess.Read(_file, chunk.AsSpan(filled), Position - segment.Start + filled) is > 0 and var read) filled += read;
        _chunk = chunk.AsMemory(0, filled);
        return filled >= needed;
    }
}
