namespace Telephony.Sip;

/// <summary>The index of one message: where the start line's parts, the header fields and the body lie in its buffer.</summary>
/// <param name="Fields">In order.</param>
/// <param name="First">Method, or the first digit of the status.</param>
/// <param name="Second">Request-URI, or reason phrase.</param>
/// <param name="Status">0 for a request.</param>
internal sealed record SipLayout(HeaderField[] Fields, Range First, Range Second, int Status, int Body, int Length);
