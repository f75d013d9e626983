namespace Telephony.Blobs;

/// <summary>An open blob: what it is, and its bytes as they arrive.</summary>
/// <param name="Properties">Of the whole blob, also when only a part was asked for.</param>
public sealed record BlobContent(BlobProperties Properties, Stream Stream) : IAsyncDisposable, IDisposable
{
    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    public void Dispose() => Stream.Dispose();
}
