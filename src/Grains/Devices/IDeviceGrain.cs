using System.Collections.Immutable;
using Telephony.Grains.Extensions;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <summary>One SIP username: its bindings, each a branch to ring. Key: tenant and username.</summary>
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>Applies an authenticated REGISTER (RFC 3261 §10.3) and gives the response to it.</summary>
    ValueTask<SipResponse> Register(SipRequestReceived input, string extension);

    /// <summary>Where it can be rung now; empty while it is offline.</summary>
    ValueTask<ImmutableArray<RingTarget>> GetTargets();

    /// <summary>The bindings in force (DEV-28).</summary>
    ValueTask<ImmutableArray<Binding>> GetBindings();
}
