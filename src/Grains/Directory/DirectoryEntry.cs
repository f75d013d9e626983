using System.Collections.Immutable;
using Telephony.Configuration;

namespace Telephony.Grains.Directory;

/// <summary>What the directory knows of one extension; its presence is derived here and nowhere else.</summary>
internal sealed record DirectoryEntry(ExtensionRecord Extension)
{
    /// <summary>Until when each device is reachable; a device that is not here is offline.</summary>
    public ImmutableDictionary<string, DateTimeOffset> OnlineUntil { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    public bool IsRinging { get; init; }
    public bool IsOnCall { get; init; }
    public PresenceStatus Status { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>A call beats everything, for somebody on a call by a device that just went away is on a call still.</summary>
    public PresenceStatus Derived =>
        IsOnCall ? PresenceStatus.OnCall
        : IsRinging ? PresenceStatus.Ringing
        : OnlineUntil.IsEmpty ? PresenceStatus.Offline
        : PresenceStatus.Available;

    /// <summary>With the derived status, and since when it holds.</summary>
    public DirectoryEntry At(DateTimeOffset now) => Derived == Status ? this : this with { Status = Derived, Since = now };

    public ExtensionPresence ToPresence() => new(
        Extension.Number, Extension.DisplayName, Extension.Department, Extension.Email, Status, Since, OnlineUntil.Count, Extension.Devices.Count);
}
