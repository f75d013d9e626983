namespace Telephony.Sip;

/// <summary>A NOTIFY that is to be sent now. Whoever sends it adds the newest state as its body, so that no older one is ever sent.</summary>
/// <param name="Request">All but the body.</param>
/// <param name="Event">Which subscription it is of: its answer goes to <see cref="Notifier.Answered"/>.</param>
/// <param name="Version">For bodies that count.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="ShowsState">False when the subscriber is not to see any: it is pending, or refused (RFC 6665 §4.2.2).</param>
public sealed record NotifyOut(SipRequestBuilder Request, EventPackage Event, uint Version, string ContentType, bool ShowsState);
