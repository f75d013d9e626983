using System.Collections.Immutable;
using Telephony.Grains.Calls;

namespace Telephony.Grains.Extensions;

/// <summary>One extension: the calls in progress, and where an incoming call rings. Key: tenant and number.</summary>
public interface IExtensionGrain : IGrainWithStringKey
{
    /// <summary>Decides where a call rings. Changes nothing.</summary>
    /// <param name="callerDevice">The device that calls: it is not rung.</param>
    /// <param name="wait">When none of its devices is there, waits for those that are expected back in a moment.</param>
    [AlwaysInterleave]
    ValueTask<RingPlan> Route(string callerDevice, bool wait);

    /// <summary>The calls in progress, each as it was told last: for who comes to look in the middle of one.</summary>
    ValueTask<ImmutableArray<UserCallChanged>> GetCalls();

    /// <summary>A call that this extension takes part in changed.</summary>
    [OneWay]
    Task CallChanged(UserCallChanged change);
}
