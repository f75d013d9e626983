namespace Telephony.Events;

/// <summary>The journal, from <c>Telephony:Journal</c>.</summary>
public sealed class JournalOptions
{
    /// <summary>The folder of its segments. Default: <c>journal</c> under <c>Telephony:Data</c>.</summary>
    public string Folder { get; set; } = "";

    /// <summary>All segments together. An append that would go beyond is refused. Default 1 GiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>A segment is closed at about this size; a closed one is deleted once everything in it is in PostgreSQL. Default 16 MiB.</summary>
    public int SegmentBytes { get; set; } = 16 << 20;

    /// <summary>How long what was written may wait to be synced to disk: what a power cut may lose. Default 5 ms.</summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long the writer lets appends gather before it ships them to PostgreSQL. Default 15 ms.</summary>
    public TimeSpan ShipInterval { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Events shipped in one transaction at most. Default 10,000.</summary>
    public int ShipEvents { get; set; } = 10_000;

    /// <summary>How far behind states reach PostgreSQL; one that was put and removed meanwhile never does. Default 1 s.</summary>
    public TimeSpan StateInterval { get; set; } = TimeSpan.FromSeconds(1);
}
