namespace Telephony.Blobs;

/// <summary>Why the blob service did not do what it was asked.</summary>
public enum BlobError
{
    /// <summary>No connection, no answer in time, or an answer of 500 and above, after every attempt.</summary>
    Unavailable,

    /// <summary>The account or its key is wrong, or the key may not do this.</summary>
    Forbidden,
    ContainerMissing,
    BlobMissing,

    /// <summary>The blob is not as the command said: another length, another kind.</summary>
    ConditionFailed,
    RangeOutside,

    /// <summary>The service refused the request; the message has its code.</summary>
    Refused,
}

/// <summary>A command that the blob service refused or did not answer.</summary>
public sealed class BlobException : Exception
{
    public BlobException(BlobError error, string message, int status = 0, string? code = null, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Status = status;
        Code = code;
    }

    public BlobError Error { get; }

    /// <summary>The HTTP status; 0 without an answer.</summary>
    public int Status { get; }

    /// <summary>The service's own error code, such as <c>BlobNotFound</c>.</summary>
    public string? Code { get; }
}
