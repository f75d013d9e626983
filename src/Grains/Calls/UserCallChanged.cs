namespace Telephony.Grains.Calls;

/// <summary>How far a call is for one of its parties.</summary>
public enum UserCallState { Ringing, Answered, Ended }

/// <summary>A live call as one extension sees it; on the stream <see cref="Streams.Calls"/> of the tenant.</summary>
/// <param name="Version">Of the call: a lower one than the last seen is old news.</param>
/// <param name="Direction">Inbound or outbound.</param>
/// <param name="Number">The other party's.</param>
/// <param name="Since">When <paramref name="State"/> began.</param>
[GenerateSerializer, Immutable]
public sealed record UserCallChanged(
    [property: Id(0)] string Extension, [property: Id(1)] Guid CallId, [property: Id(2)] long Version, [property: Id(3)] UserCallState State,
    [property: Id(4)] History.CallDirection Direction, [property: Id(5)] string Number, [property: Id(6)] string? Name, [property: Id(7)] DateTimeOffset Since);
