namespace Telephony.Sip;

/// <summary>What an input comes to at a subscriber.</summary>
/// <param name="Subscribe">To send; null when there is nothing to ask now.</param>
/// <param name="Answer">To the NOTIFY, if it was one.</param>
/// <param name="HasState">The NOTIFY is ours and in order: its body, if it has one, is the newest state.</param>
/// <param name="End">Why it ended with this input; null when it did not.</param>
public sealed record SubscriberStep(
    SubscriberSubscription Next, SipRequestBuilder? Subscribe = null, SipAnswer? Answer = null, bool HasState = false, SubscriberEnd? End = null);

/// <summary>Why a subscription ended, and when another one makes sense (RFC 6665 §4.1.3).</summary>
/// <param name="Reason">The notifier's, as <c>noresource</c>; <c>refused</c>, <c>silent</c> or <c>timeout</c> when it said none; <c>done</c> when we wanted no more.</param>
/// <param name="RetryAfter">Null: not again. Zero: at once, though who starts it again bounds how often.</param>
/// <param name="Status">Of the response that refused it; 0 otherwise.</param>
public sealed record SubscriberEnd(string Reason, TimeSpan? RetryAfter, int Status = 0);
