namespace Telephony.Media.Recording;

/// <summary>Section <c>Telephony:Media:Recording</c>.</summary>
public sealed class RecordingOptions
{
    /// <summary>Where recordings are until they are stored. Default <c>recordings</c> in <c>Telephony:Data</c>.</summary>
    public string Folder { get; set; } = "";

    /// <summary>How many bytes may wait there, of all recordings together, while the store is away; recordings fail beyond that. Default 2 GiB.</summary>
    public long MaxBytes { get; set; } = 2L * 1024 * 1024 * 1024;
}
