namespace Telephony.Sip;

/// <summary>Why a subscription ended, and when another one makes sense (RFC 6665 §4.1.3).</summary>
/// <param name="Reason">The notifier's, as <c>noresource</c>; <c>refused</c>, <c>silent</c> or <c>timeout</c> when it said none; <c>done</c> when we wanted no more.</param>
/// <param name="RetryAfter">Null: not again. Zero: at once, though who starts it again bounds how often.</param>
/// <param name="Status">Of the response that refused it; 0 otherwise.</param>
public sealed record SubscriberEnd(string Reason, TimeSpan? RetryAfter, int Status = 0);
