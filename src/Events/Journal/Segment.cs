using System.Buffers.Binary;
using System.Globalization;

namespace Telephony.Events;

/// <summary>
/// One file of the journal, named for the position of its first byte. Header: magic (8 bytes), the journal's id (16), that position (8). Records follow without
/// gaps; zeros or the end of the file end them.
/// </summary>
internal sealed class Segment
{
    public const int HeaderSize = 32;
    private static ReadOnlySpan<byte> Magic => "TELJRNL1"u8;

    private Segment(string path, Guid journal, long start)
    {
        Path = path;
        Journal = journal;
        Start = start;
    }

    public string Path { get; }
    public Guid Journal { get; }

    /// <summary>The position of its first byte.</summary>
    public long Start { get; }

    /// <summary>The position of its first record.</summary>
    public long FirstRecord => Start + HeaderSize;

    /// <summary>The position after its last record.</summary>
    public long End { get; set; }

    public static Segment Create(string folder, Guid journal, long start)
    {
        var segment = new Segment(System.IO.Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + ".journal"), journal, start);
        Span<byte> header = stackalloc byte[HeaderSize];
        Magic.CopyTo(header);
        journal.TryWriteBytes(header[8..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], start);
        using var file = File.OpenHandle(segment.Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, header, 0);
        segment.End = segment.FirstRecord;
        return segment;
    }

    /// <summary>Null when the file does not begin as a segment does: it was cut off while it was made, and nothing had been written to it.</summary>
    public static Segment? Open(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header.StartsWith(Magic)) return null;

        var start = BinaryPrimitives.ReadInt64LittleEndian(header[24..]);
        return new Segment(path, new Guid(header[8..24]), start) { End = start + RandomAccess.GetLength(file) };
    }
}
