using System.Collections.Immutable;

namespace Telephony.Grains.Directory;

/// <summary>Can this person be reached? In JSON: <c>offline</c>, <c>available</c>, <c>ringing</c>, <c>on_call</c>, <c>do_not_disturb</c>.</summary>
public enum PresenceStatus { Offline, Available, Ringing, OnCall, DoNotDisturb }

/// <summary>One extension as its colleagues see it.</summary>
/// <param name="Since">When <paramref name="Status"/> became what it is; null when nothing is known before this start.</param>
/// <param name="OnlineDevices">How many of its devices are registered (DEV-28).</param>
[GenerateSerializer, Immutable]
public sealed record ExtensionPresence(
    [property: Id(0)] string Extension, [property: Id(1)] string DisplayName, [property: Id(2)] string? Department, [property: Id(3)] string? Email,
    [property: Id(4)] PresenceStatus Status, [property: Id(5)] DateTimeOffset? Since, [property: Id(6)] int OnlineDevices, [property: Id(7)] int Devices);

/// <summary>Everybody's presence at one version. Versions are ordered within an epoch; a new epoch (after a restart) starts over.</summary>
[GenerateSerializer, Immutable]
public sealed record PresenceSnapshot(
    [property: Id(0)] long Epoch, [property: Id(1)] long Version, [property: Id(2)] ImmutableArray<ExtensionPresence> People);

/// <summary>What changed since <paramref name="Previous"/>. Who holds another version asks for a snapshot.</summary>
[GenerateSerializer, Immutable]
public sealed record PresenceChange(
    [property: Id(0)] long Epoch, [property: Id(1)] long Previous, [property: Id(2)] long Version,
    [property: Id(3)] ImmutableArray<ExtensionPresence> Changed, [property: Id(4)] ImmutableArray<string> Removed);
