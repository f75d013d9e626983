using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What an input comes to at a notifier's dialog (RFC 6665 §4.2).</summary>
/// <param name="Next">Null when no subscription is left in it.</param>
/// <param name="Answer">To the SUBSCRIBE, if it was one.</param>
/// <param name="Notifies">To send, in this order.</param>
public sealed record NotifierDialogStep(NotifierDialog? Next, SipAnswer? Answer, ImmutableArray<NotifyOut> Notifies);
