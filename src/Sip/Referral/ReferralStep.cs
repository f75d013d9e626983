namespace Telephony.Sip;

/// <summary>What an input comes to at who was sent a REFER (RFC 3515 §2.4.2).</summary>
/// <param name="Dialog">After it: a NOTIFY took a CSeq.</param>
/// <param name="Next">Null when the REFER was refused. When it has neither a final <see cref="IncomingReferral.Last"/> nor a subscription, it still has to be done.</param>
/// <param name="Answer">To the REFER, if it was one. It is sent before the NOTIFY.</param>
/// <param name="Notify">To send, body and all.</param>
public sealed record ReferralStep(Dialog Dialog, IncomingReferral? Next, SipAnswer? Answer = null, SipRequestBuilder? Notify = null);
