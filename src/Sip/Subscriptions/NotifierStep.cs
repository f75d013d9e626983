namespace Telephony.Sip;

/// <summary>What an input comes to at a notifier (RFC 6665 §4.2).</summary>
/// <param name="Dialog">After it: a NOTIFY took a CSeq.</param>
/// <param name="Next">The subscription after it; null when there is none any more.</param>
/// <param name="Answer">To the SUBSCRIBE, if it was one. It is sent before the NOTIFY.</param>
/// <param name="Notify">To send; null when there is nothing to say now.</param>
public sealed record NotifierStep(Dialog Dialog, NotifierSubscription? Next, SipAnswer? Answer = null, NotifyOut? Notify = null);
