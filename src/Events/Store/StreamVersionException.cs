namespace Telephony.Events;

/// <summary>Somebody else appended first.</summary>
public sealed class StreamVersionException(string stream, long expected, long actual)
    : Exception($"Stream {stream} is at version {actual}, not {expected}.")
{
    public string Stream { get; } = stream;
    public long Expected { get; } = expected;
    public long Actual { get; } = actual;
}
