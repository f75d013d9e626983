using System.Text;

namespace Telephony.Sip;

/// <summary>A small file of the system, read again when it has changed; it is looked at once a second at most.</summary>
/// <param name="read">Makes something of its lines, without their comments. It never fails: what it can't use it leaves out.</param>
internal sealed class WatchedFile<T>(string path, TimeProvider clock, Func<IEnumerable<string>, T> read)
{
    private const long MaxLength = 4 << 20;

    private readonly Lock _lock = new();
    private long _lookedAt = long.MinValue;
    private (DateTime, long) _version;
    private T? _value;

    /// <summary>What it holds now; what an empty one does when it isn't there.</summary>
    public T Value
    {
        get
        {
            lock (_lock)
            {
                var now = clock.GetTimestamp();
                if (_value is not null && clock.GetElapsedTime(_lookedAt, now) < TimeSpan.FromSeconds(1)) return _value;

                _lookedAt = now;
                return _value = Look();
            }
        }
    }

    private T Look()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MaxLength) return read([]);
            var version = (file.LastWriteTimeUtc, file.Length);
            if (_value is not null && version == _version) return _value;

            var lines = File.ReadAllLines(path, Encoding.Latin1);
            _version = version;
            return read(lines.Select(static line => line.AsSpan().IndexOfAny('#', ';') is >= 0 and var comment ? line[..comment] : line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return _value ?? read([]);
        }
    }
}
