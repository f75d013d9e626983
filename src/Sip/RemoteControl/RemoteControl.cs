namespace Telephony.Sip;

/// <summary>
/// Remote control of phones by NOTIFY (RFC 6665 §4.2.2, without a subscription), as BroadSoft began it and Polycom, Yealink, snom and others do it: <c>Event: talk</c> and <c>Event: hold</c> within the INVITE's dialog, and
/// <c>Event: check-sync</c>, which makes a phone fetch its configuration. Nobody subscribed to these; a phone says in Allow-Events that it obeys.
/// </summary>
public static class RemoteControl
{
    /// <summary>Whether the phone that sent this (an INVITE, a response to ours) does it when told.</summary>
    public static bool IsAllowed(SipMessage message, RemoteAction action) => message.HasOption("Allow-Events", Name(action));

    /// <summary>Tells the phone at the other end of this dialog; an early one will do, so that a ringing phone answers.</summary>
    /// <param name="contact">Our Contact.</param>
    public static SipRequestBuilder Tell(Dialog dialog, RemoteAction action, string contact, out Dialog after) => dialog.Next(SipMethod.Notify, out after)
        .Add("Contact", contact).Add(new EventPackage(Name(action))).Add(new SubscriptionState("active"));

    /// <summary>What a NOTIFY within a dialog tells us to do; null when it is about something else.</summary>
    public static RemoteAction? Of(SipRequest notify) => notify.Method != SipMethod.Notify ? null : notify.Header<EventPackage>()?.Package switch
    {
        "talk" => RemoteAction.Talk,
        "hold" => RemoteAction.Hold,
        _ => null,
    };

    /// <summary>Makes a phone look for new configuration.</summary>
    /// <param name="outside">Whom to tell, as a dialog that is not made: an own Call-ID and tag, no remote tag (<c>""</c>), the phone's contact as target.</param>
    /// <param name="reboot">Whether it starts anew in any case; else only if it has to.</param>
    public static SipRequestBuilder CheckSync(Dialog outside, bool reboot, string contact) => outside.Next(SipMethod.Notify, out _)
        .Add("Contact", contact).Add(new EventPackage("check-sync", Parameters: reboot ? ";reboot=true" : ";reboot=false")).Add(new SubscriptionState("terminated"));

    private static string Name(RemoteAction action) => action == RemoteAction.Talk ? "talk" : "hold";
}
