namespace Telephony.Events;

/// <summary>Which events to read, in number order. Null: whatever it is.</summary>
/// <param name="FromNumber">The first number wanted.</param>
/// <param name="From">Events that happened at this moment or later.</param>
/// <param name="To">Events that happened before this moment.</param>
/// <param name="Limit">At most this many.</param>
public sealed record EventQuery(
    long FromNumber = 1, string? Tenant = null, string? Stream = null, DateTimeOffset? From = null, DateTimeOffset? To = null, long Limit = long.MaxValue);
