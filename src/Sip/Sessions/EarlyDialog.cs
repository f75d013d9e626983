namespace Telephony.Sip;

/// <summary>One of the dialogs that our INVITE made (RFC 3261 §12.1.2): one for each To tag.</summary>
/// <param name="Session">Its own offer and answer: the INVITE's offer has one answer in each.</param>
/// <param name="LastRSeq">The last reliable provisional response that was taken in (RFC 3262 §4).</param>
[GenerateSerializer, Immutable]
public sealed record EarlyDialog([property: Id(0)] Dialog Dialog, [property: Id(1)] OfferAnswer Session, [property: Id(2)] uint? LastRSeq = null);
