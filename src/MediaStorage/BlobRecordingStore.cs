using Telephony.Blobs;
using Telephony.Media.Recording;

namespace Telephony.MediaStorage;

/// <summary>Recordings as append blobs of the container <c>recordings</c> (docs/decisions: recordings are append blobs).</summary>
public sealed class BlobRecordingStore(IBlobStore blobs) : IRecordingStore
{
    public const string Container = "recordings";

    private volatile bool _hasContainer;

    public async Task<bool> CreateAsync(string path, string writer, CancellationToken cancellation)
    {
        try
        {
            if (!_hasContainer) await blobs.CreateContainerIfMissingAsync(Container, cancellation).ConfigureAwait(false);
            _hasContainer = true;
            return await blobs.CreateAppendBlobAsync(Container, path, "audio/wav", writer, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BlobException or ArgumentException)
        {
            if (e is BlobException { Error: BlobError.ContainerMissing }) _hasContainer = false;
            throw new IOException(e.Message, e);
        }
    }

    public async Task<long> GetLengthAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await blobs.GetPropertiesAsync(Container, path, cancellation).ConfigureAwait(false))?.Length ?? 0;
        }
        catch (Exception e) when (e is BlobException or ArgumentException)
        {
            throw new IOException(e.Message, e);
        }
    }

    public async Task AppendAsync(string path, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await blobs.AppendBlockAsync(Container, path, bytes, position, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BlobException or ArgumentException)
        {
            throw new IOException(e.Message, e);
        }
    }
}
