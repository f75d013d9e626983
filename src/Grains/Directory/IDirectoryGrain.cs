namespace Telephony.Grains.Directory;

/// <summary>Who exists in a tenant, and everybody's presence with its version. Key: the tenant.</summary>
public interface IDirectoryGrain : IGrainWithStringKey
{
    ValueTask<PresenceSnapshot> GetPresence();

    /// <summary>A device is reachable until <paramref name="onlineUntil"/>; null: it is not. Older reports (lower <paramref name="report"/>) are ignored.</summary>
    [OneWay]
    Task DeviceReported(string device, string extension, DateTimeOffset? onlineUntil, long report);

    /// <summary>What an extension's calls do now.</summary>
    [OneWay]
    Task ExtensionReported(string extension, bool isRinging, bool isOnCall, long report);

    /// <summary>The tenant's configuration changed: read it again.</summary>
    [OneWay]
    Task ConfigurationChanged();
}
