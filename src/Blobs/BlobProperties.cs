namespace Telephony.Blobs;

/// <summary>What the service knows of a blob. <paramref name="ETag"/> is opaque and changes with the content.</summary>
public sealed record BlobProperties(long Length, string ContentType, string ETag, DateTimeOffset LastModified)
{
    /// <summary>Who made an append blob; null: another kind of blob, or a line of a listing.</summary>
    public string? Writer { get; init; }
}

/// <summary>A line of a listing.</summary>
public sealed record BlobItem(string Name, BlobProperties Properties);

/// <summary>A page of a listing; <paramref name="Continuation"/> asks for the next one, null on the last.</summary>
public sealed record BlobPage(IReadOnlyList<BlobItem> Items, string? Continuation);

/// <summary>Bytes of a blob from <paramref name="Offset"/> on; null <paramref name="Length"/>: to the end.</summary>
public readonly record struct BlobRange(long Offset, long? Length = null);
