namespace Telephony.Events;

/// <summary>An event as it is kept: a row of <c>mt_events</c>.</summary>
/// <param name="Number">Its place among all events of all tenants. Number order is commit order.</param>
/// <param name="Version">Its place in its stream, from 1.</param>
/// <param name="Type">The alias of its type (<see cref="EventTypeAttribute"/>).</param>
/// <param name="At">When it happened: the event's own <c>At</c> where it has one.</param>
/// <param name="Data">The event as UTF-8 JSON; <see cref="EventTypes.Read(StoredEvent)"/> makes the object of it.</param>
public sealed record StoredEvent(
    long Number, string Tenant, string Stream, long Version, string Type, DateTimeOffset At, ReadOnlyMemory<byte> Data, Guid EventId, string? CorrelationId);
