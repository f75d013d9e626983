namespace Telephony.Api;

/// <summary>Section <c>Telephony:Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>The folder of the built web client. Empty or missing: the API alone.</summary>
    public string WebRoot { get; set; } = "";
}
