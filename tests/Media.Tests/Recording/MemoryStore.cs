using System.Collections.Concurrent;

namespace Telephony.Media.Recording;

/// <summary>A store that can be away.</summary>
internal sealed class MemoryStore : IRecordingStore
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();

    public bool IsAway { get; set; }

    /// <summary>The next append arrives, but its answer does not.</summary>
    public bool LosesAnswer { get; set; }

    public byte[] this[string path] => _files.GetValueOrDefault(path, []);

    /// <summary>Who made each recording.</summary>
    public ConcurrentDictionary<string, string> Writers { get; } = new();

    public Task<bool> CreateAsync(string path, string writer, CancellationToken cancellation) =>
        IsAway ? throw new IOException("away") : Task.FromResult(Writers.GetOrAdd(path, writer) == writer);

    public Task<long> GetLengthAsync(string path, CancellationToken cancellation) => IsAway ? throw new IOException("away") : Task.FromResult<long>(this[path].Length);

    public Task AppendAsync(string path, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (IsAway) throw new IOException("away");
        if (bytes.Length > Spool.MaxPiece) throw new IOException("too much");
        if (!Writers.ContainsKey(path) || this[path].Length != position) throw new IOException($"{position} is not {this[path].Length}");
        _files[path] = [.. this[path], .. bytes.Span];
        if (!LosesAnswer) return Task.CompletedTask;
        LosesAnswer = false;
        throw new IOException("no answer");
    }
}
