namespace Telephony.Configuration;

/// <summary>Section <c>Telephony</c>.</summary>
public sealed class DataOptions
{
    /// <summary>The folder of what the server keeps in files: keys, journal, demo credentials. Relative to the working directory.</summary>
    public string Data { get; set; } = ".data";
}
