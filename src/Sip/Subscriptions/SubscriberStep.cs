namespace Telephony.Sip;

/// <summary>What an input comes to at a subscriber (RFC 6665 §4.1).</summary>
/// <param name="Subscribe">To send; null when there is nothing to ask now.</param>
/// <param name="Answer">To the NOTIFY, if it was one.</param>
/// <param name="HasState">The NOTIFY is ours and in order: its body, if it has one, is the newest state.</param>
/// <param name="End">Why it ended with this input; null when it did not.</param>
public sealed record SubscriberStep(
    SubscriberSubscription Next, SipRequestBuilder? Subscribe = null, SipAnswer? Answer = null, bool HasState = false, SubscriberEnd? End = null);
