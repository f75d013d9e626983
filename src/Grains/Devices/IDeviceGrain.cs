using System.Collections.Immutable;
using Telephony.Grains.Extensions;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <summary>One SIP username: its bindings, each a branch to ring. Key: tenant and username.</summary>
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>Applies an authenticated REGISTER (RFC 3261 §10.3) and gives the response to it.</summary>
    ValueTask<SipResponse> Register(SipRequestReceived input, string extension);

    /// <summary>A connection is gone. Bindings that had no other way go with it, unless the phone is back in a moment (<see cref="DeviceOptions.FlowGrace"/>).</summary>
    [OneWay]
    Task FlowClosed(SipFlow flow);

    /// <summary>Asks its edges which of the connections of its bindings are gone, as all of an earlier start are.</summary>
    [OneWay]
    Task CheckFlows();

    /// <summary>An edge refreshed the binding that it was given to remember.</summary>
    [OneWay]
    Task Refreshed(SipRefreshed input);

    /// <summary>Where it can be rung now; empty while it is offline.</summary>
    ValueTask<ImmutableArray<RingTarget>> GetTargets();

    /// <summary>The same, but a phone whose connection is gone since a moment ago may come back first (<see cref="DeviceOptions.FlowGrace"/>), as a page that is loaded again.</summary>
    [AlwaysInterleave]
    ValueTask<ImmutableArray<RingTarget>> AwaitTargets();

    /// <summary>The bindings in force (DEV-28).</summary>
    ValueTask<ImmutableArray<Binding>> GetBindings();
}
