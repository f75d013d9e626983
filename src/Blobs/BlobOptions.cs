namespace Telephony.Blobs;

/// <summary>How to reach the blob service: section <c>Telephony:Blobs</c>, and <c>ConnectionStrings:Blobs</c>.</summary>
public sealed class BlobOptions
{
    /// <summary>As <see cref="BlobAccount"/> reads it. Comes from <c>ConnectionStrings:Blobs</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>How long one attempt may take until the answer's head is there; reading a blob's content is up to its reader. Default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a command is tried in all. Default 4.</summary>
    public int Attempts { get; set; } = 4;

    /// <summary>The wait before the second attempt; doubled before each further one, with up to a half at random off. Default 200 ms.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(200);
}
