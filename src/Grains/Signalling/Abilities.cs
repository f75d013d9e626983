using Telephony.Sip;

namespace Telephony.Grains.Signalling;

/// <summary>What this server can do, as it tells peers.</summary>
internal static class Abilities
{
    public static SipCapabilities Ours { get; } = new(
        [
            SipMethod.Invite, SipMethod.Ack, SipMethod.Cancel, SipMethod.Bye, SipMethod.Options, SipMethod.Info, SipMethod.Prack, SipMethod.Update, SipMethod.Register,
        ],
        ContentTypes: ["application/sdp"],
        Extensions: ["100rel", "timer", "path", "outbound"],
        Packages: [],
        InfoPackages: []);

    /// <summary>For the Allow field of every message that has one.</summary>
    public static string Allow { get; } = Ours.Allow;
}
