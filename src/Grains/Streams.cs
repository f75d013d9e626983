namespace Telephony.Grains;

/// <summary>Names of the live streams: what has a version and is not stored. Keys are tenants.</summary>
public static class Streams
{
    /// <summary>The stream provider.</summary>
    public const string Live = "live";

    /// <summary>Namespace of <see cref="Directory.PresenceChange"/>.</summary>
    public const string Presence = "presence";

    /// <summary>Namespace of <see cref="Calls.UserCallChanged"/>.</summary>
    public const string Calls = "calls";

    /// <summary>Items: <see cref="Calls.History.UserCallRecorded"/>.</summary>
    public const string History = "history";
}
