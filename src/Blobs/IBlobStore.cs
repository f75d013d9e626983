namespace Telephony.Blobs;

/// <summary>
/// Objects in containers, over the REST API of Azure's Blob service. What is missing is null or false; what the service refuses, or does not answer in time,
/// is a <see cref="BlobException"/>. Every command may be repeated without harm, and is repeated a few times when the service does not answer.
/// A container or blob name that the service can't have is an <see cref="ArgumentException"/> (see <see cref="BlobNames"/>).
/// </summary>
public interface IBlobStore
{
    /// <summary>Asks the service something cheap that needs the right key. Throws when it is away or refuses us.</summary>
    Task CheckAsync(CancellationToken cancellation = default);

    Task CreateContainerIfMissingAsync(string container, CancellationToken cancellation = default);

    /// <summary>Writes a whole blob, over the earlier one if any.</summary>
    Task PutAsync(string container, string blob, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellation = default);

    /// <summary>Writes a whole blob from a stream of any length, in blocks of 4 MiB; it appears when all of it has arrived. Leaves the stream open.</summary>
    Task PutAsync(string container, string blob, Stream content, string contentType, CancellationToken cancellation = default);

    /// <summary>Opens a blob, or a part of it. Null: there is none. Dispose what comes back.</summary>
    /// <exception cref="BlobException"><see cref="BlobError.RangeOutside"/>: the range starts behind the end.</exception>
    Task<BlobContent?> GetAsync(string container, string blob, BlobRange? range = null, CancellationToken cancellation = default);

    /// <summary>Null: there is no such blob.</summary>
    Task<BlobProperties?> GetPropertiesAsync(string container, string blob, CancellationToken cancellation = default);

    /// <summary>Makes an empty append blob, or leaves alone what is there.</summary>
    /// <param name="writer">Kept with it, so that who made it knows it again (<see cref="BlobProperties.Writer"/>): ASCII, at most 100 characters.</param>
    /// <returns>False: there is a blob that this writer did not make.</returns>
    Task<bool> CreateAppendBlobAsync(string container, string blob, string contentType, string writer, CancellationToken cancellation = default);

    /// <summary>Appends at most 4 MiB to an append blob that has one writer.</summary>
    /// <param name="position">The blob's length before; it makes the command repeatable.</param>
    /// <returns>The blob's length after.</returns>
    /// <exception cref="BlobException"><see cref="BlobError.ConditionFailed"/>: the blob has another length.</exception>
    Task<long> AppendBlockAsync(string container, string blob, ReadOnlyMemory<byte> content, long position, CancellationToken cancellation = default);

    /// <summary>Stages a block of at most 4 MiB under a number; it becomes part of the blob with <see cref="PutBlockListAsync"/>.</summary>
    Task PutBlockAsync(string container, string blob, int block, ReadOnlyMemory<byte> content, CancellationToken cancellation = default);

    /// <summary>Makes the blob of the first <paramref name="blocks"/> staged blocks: 0 to <paramref name="blocks"/> - 1.</summary>
    Task PutBlockListAsync(string container, string blob, int blocks, string contentType, CancellationToken cancellation = default);

    /// <summary>False: there was no such blob.</summary>
    Task<bool> DeleteAsync(string container, string blob, CancellationToken cancellation = default);

    /// <summary>Blobs whose names start with <paramref name="prefix"/>, in the order of their names, a page at a time.</summary>
    /// <param name="continuation">Null, or what the page before gave.</param>
    /// <param name="limit">1 to 5000.</param>
    Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuation = null, int limit = 1000, CancellationToken cancellation = default);
}
