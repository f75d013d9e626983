using System.Collections.Immutable;
using System.Text.Json;
using Telephony.Events;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <summary>What is stored of a device: its bindings outlive a restart.</summary>
/// <param name="Report">The number of the report to the directory that goes with it.</param>
[GenerateSerializer, Immutable]
public sealed record DeviceState(
    [property: Id(0)] string Username, [property: Id(1)] string Extension, [property: Id(2)] ImmutableArray<Binding> Bindings, [property: Id(3)] long Report = 0)
{
    /// <summary>The kind of state in the journal.</summary>
    public const string Kind = "device";

    public DeviceState() : this("", "", [])
    {
    }

    /// <summary>The bindings that hold at this time.</summary>
    public ImmutableArray<Binding> Live(DateTimeOffset now) => [.. Bindings.Where(binding => binding.ExpiresAt > now)];

    /// <summary>Until when the device is reachable; null when it is not.</summary>
    public DateTimeOffset? OnlineUntil(DateTimeOffset now) => Live(now) is { IsEmpty: false } live ? live.Max(binding => binding.ExpiresAt) : null;

    internal static bool TryRead(StateRecord record, out DeviceState state)
    {
        state = record.Data is { } data ? JsonSerializer.Deserialize<DeviceState>(data.Span) ?? new() : new();
        return record.Data is not null;
    }
}
