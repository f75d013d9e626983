using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Directory;

namespace Telephony.Api.Live;

/// <summary>What a browser or program hears over the hub: facts, never instructions.</summary>
public interface ITelephonyClient
{
    /// <summary>Some people's presence is new. Who holds another version than <see cref="PresenceChange.Previous"/> subscribes again.</summary>
    Task PresenceChanged(PresenceChange change);

    /// <summary>One of the user's own calls is at another state.</summary>
    Task CallChanged(CallChanged call);

    /// <summary>A finished call has entered the user's history.</summary>
    Task CallRecorded(CallRecorded call);
}

/// <param name="Version">Of the call: ignore an older one than the last seen.</param>
/// <param name="Number">The other party's, as is <paramref name="Name"/>.</param>
public sealed record CallChanged(Guid CallId, long Version, UserCallState State, CallDirection Direction, string Number, string? Name, DateTimeOffset Since)
{
    internal static CallChanged Of(UserCallChanged call) => new(call.CallId, call.Version, call.State, call.Direction, call.Number, call.Name, call.Since);
}

public sealed record CallRecorded(Guid CallId);
