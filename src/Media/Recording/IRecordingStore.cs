namespace Telephony.Media.Recording;

/// <summary>Where recordings end up. The host gives it, for the media know no storage.</summary>
public interface IRecordingStore
{
    /// <summary>Makes an empty recording, or leaves alone what is there. May be repeated.</summary>
    /// <param name="writer">Kept with it, so that a repetition is known from another recording.</param>
    /// <returns>False: there is one that this writer did not make.</returns>
    /// <exception cref="IOException">The store is away, or refuses.</exception>
    Task<bool> CreateAsync(string path, string writer, CancellationToken cancellation);

    /// <summary>How many bytes of the recording are stored; 0: none, or there is no such recording.</summary>
    /// <exception cref="IOException">The store is away, or refuses.</exception>
    Task<long> GetLengthAsync(string path, CancellationToken cancellation);

    /// <summary>Appends at most 4 MiB to a recording. To be repeated after a failure, from <see cref="GetLengthAsync"/>.</summary>
    /// <param name="position">How many bytes are stored before.</param>
    /// <exception cref="IOException">The store is away, refuses, or has another length.</exception>
    Task AppendAsync(string path, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
