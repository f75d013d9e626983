using System.Globalization;

namespace Telephony.Media.Recording;

/// <summary>
/// A recording's bytes on their way to the store: a folder with a file for each piece, named by its position in the recording. What was written has reached the kernel, so it
/// outlives the process. A piece is deleted when it and the next are stored: the last tells, after a crash, how long the recording is. Only the owner of the process can read them (mode 600).
/// </summary>
internal sealed class Spool : IDisposable
{
    private const string Extension = ".part";
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What the store takes at once.</summary>
    public const int MaxPiece = 4 * 1024 * 1024;

    private readonly string _folder;
    private readonly Queue<Piece> _closed = new();
    private FileStream? _open;
    private string? _last;
    private long _start;

    private Spool(string folder, SpoolState state)
    {
        _folder = folder;
        State = state;
    }

    public SpoolState State { get; private set; }

    public string Name => System.IO.Path.GetFileName(_folder);

    /// <summary>Bytes of the recording, its head included.</summary>
    public long Length { get; private set; }

    /// <summary>Of them, on this disk.</summary>
    public long Kept => Length - (_closed.TryPeek(out var first) ? first.Position : _open is null ? Length : _start);

    public static Spool Make(string root, SpoolState state)
    {
        var folder = System.IO.Path.Combine(root, Guid.CreateVersion7().ToString("N"));
        CreateFolder(folder);
        state.Write(folder);
        return new Spool(folder, state);
    }

    /// <summary>What an earlier process left behind. A folder that can't be understood is left alone: null.</summary>
    public static Spool? Find(string folder)
    {
        if (SpoolState.Read(folder) is not { } state) return null;
        var spool = new Spool(folder, state);
        foreach (var file in Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal))
        {
            if (!long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return null;
            var length = (int)Math.Min(new FileInfo(file).Length, MaxPiece);
            if (length > 0) spool._closed.Enqueue(new Piece(file, position, length));
            spool.Length = position + length;
        }

        return spool;
    }

    /// <exception cref="IOException">The disk is full or broken; what was written before is kept.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_open is not null && Length - _start >= MaxPiece) Close();
            if (_open is null)
            {
                _open = Create(PathOf(Length));
                _start = Length;
            }

            var part = bytes[..(int)Math.Min(bytes.Length, MaxPiece - (Length - _start))];
            _open.Write(part);
            Length += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Ends the open piece, so that it can be stored.</summary>
    public void Close()
    {
        if (_open is null) return;
        _open.Dispose();
        _open = null;
        _closed.Enqueue(new Piece(PathOf(_start), _start, (int)(Length - _start)));
    }

    /// <summary>The oldest piece that is whole.</summary>
    public Piece? Oldest => _closed.TryPeek(out var piece) ? piece : null;

    /// <summary>The oldest piece is stored.</summary>
    public void Forget()
    {
        if (_last is not null) File.Delete(_last);
        _last = _closed.Dequeue().File;
    }

    /// <exception cref="IOException">The disk.</exception>
    public void BePart(int part)
    {
        if (State.Part == part) return;
        State = State with { Part = part };
        State.Write(_folder);
    }

    /// <summary>All of it is stored.</summary>
    public void Delete()
    {
        Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        _open?.Dispose();
        _open = null;
    }

    internal static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    internal static FileStream Create(string path)
    {
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = OwnerOnly;
        return new FileStream(path, how);
    }

    private string PathOf(long position) => System.IO.Path.Combine(_folder, position.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    internal sealed record Piece(string File, long Position, int Length);
}
