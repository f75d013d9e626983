namespace Telephony.Media.Recording;

/// <summary>Where recordings end up. The host gives it, for the media know no storage. Of one path there is one writer at a time.</summary>
public interface IRecordingStore
{
    /// <summary>How many bytes of the recording are stored; 0: none, or there is no such recording.</summary>
    /// <exception cref="IOException">The store is away, or refuses.</exception>
    Task<long> GetLengthAsync(string path, CancellationToken cancellation);

    /// <summary>Appends at most 4 MiB; at position 0 it makes the recording. To be repeated after a failure, from <see cref="GetLengthAsync"/>.</summary>
    /// <param name="position">How many bytes are stored before.</param>
    /// <exception cref="IOException">The store is away, refuses, or has another length.</exception>
    Task AppendAsync(string path, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
