namespace Telephony.Sip;

/// <summary>How it is with a REFER that we sent (RFC 3515 §2.4.4).</summary>
public enum ReferralStatus { Sent, Accepted, Succeeded, Failed }
