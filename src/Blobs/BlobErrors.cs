namespace Telephony.Blobs;

/// <summary>The service's status and error code, as ours.</summary>
internal static class BlobErrors
{
    public static BlobException From(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var code = response.Headers.TryGetValues("x-ms-error-code", out var values) ? values.First() : null;
        code ??= status == 404 && response.RequestMessage?.Method == HttpMethod.Head ? "BlobNotFound" : null;
        var error = (status, code) switch
        {
            (_, "ContainerNotFound") => BlobError.ContainerMissing,
            (_, "BlobNotFound") => BlobError.BlobMissing,
            (401 or 403, _) => BlobError.Forbidden,
            (_, "InvalidBlobType") or (409, "LeaseIdMissing") => BlobError.ConditionFailed,
            (412, _) => BlobError.ConditionFailed,
            (416, _) => BlobError.RangeOutside,
            (408 or 429 or >= 500, _) => BlobError.Unavailable,
            _ => BlobError.Refused,
        };
        return new BlobException(error, $"The blob service answered {status} {code ?? response.ReasonPhrase}.", status, code);
    }
}
