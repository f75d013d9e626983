using Telephony.Grains.Extensions;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>One call: its legs and their dialogs, who hears whom, its events. Key: tenant and call id. It stays active while the call lives.</summary>
public interface ICallGrain : IGrainWithStringKey
{
    /// <summary>
    /// An authenticated device of the tenant sent an INVITE without a To tag. Returns when the callee's devices are being rung, or it was refused, or none is there and
    /// they are waited for.
    /// </summary>
    Task Start(IncomingCall call);

    /// <summary>Those devices that were waited for are back, or will not come.</summary>
    [OneWay]
    Task DevicesReturned(RingPlan plan);

    /// <summary>A request within the dialog of a leg.</summary>
    [OneWay]
    Task RequestReceived(int leg, SipRequestReceived input);

    [OneWay]
    Task ResponseReceived(int leg, SipResponseReceived input);

    [OneWay]
    Task CancelReceived(SipCancelReceived input);

    [OneWay]
    Task AckReceived(int leg, SipAckReceived input);

    [OneWay]
    Task AckTimedOut(int leg, SipAckTimedOut input);

    [OneWay]
    Task PrackTimedOut(int leg, SipPrackTimedOut input);

    /// <summary>What a media node noticed of a leg's audio. One that the call has left is not listened to.</summary>
    [OneWay]
    Task MediaNoticed(string node, int leg, MediaEvent noticed);

    /// <summary>A media node is gone: an answered call that was on it moves to another one, any other ends.</summary>
    [OneWay]
    Task MediaNodeLost(string node);

    /// <summary>
    /// After a restart: takes the call up again that the journal knows, if its media are there: media legs, dialogs, timers, presence. One that can't go on is ended, towards
    /// both phones and in the history.
    /// </summary>
    /// <returns>Whether it goes on.</returns>
    ValueTask<bool> Recover();
}

/// <param name="Device">The caller's SIP username, as authenticated.</param>
/// <param name="Extension">The extension that the device belongs to.</param>
[GenerateSerializer, Immutable]
public sealed record IncomingCall([property: Id(0)] SipRequestReceived Invite, [property: Id(1)] string Device, [property: Id(2)] string Extension);
