using Telephony.Blobs;
using Telephony.Media.Sounds;

namespace Telephony.MediaStorage;

/// <summary>Sound files of tenants, in the container <c>audio</c>.</summary>
public sealed class BlobAudioFiles(IBlobStore blobs) : IAudioFiles
{
    public const string Container = "audio";

    /// <summary>A larger file is refused.</summary>
    public const long MaxBytes = 128 * 1024 * 1024;

    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        if (!BlobNames.IsBlob(path)) return null;
        try
        {
            var blob = await blobs.GetAsync(Container, path, cancellation: cancellation).ConfigureAwait(false);
            if (blob is null || blob.Properties.Length <= MaxBytes) return blob?.Stream;
            await blob.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"it has {blob.Properties.Length} bytes, more than {MaxBytes}");
        }
        catch (BlobException e) when (e.Error == BlobError.ContainerMissing)
        {
            return null;
        }
        catch (BlobException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
