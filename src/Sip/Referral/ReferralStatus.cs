namespace Telephony.Sip;

/// <summary>How it is with a REFER that we sent.</summary>
public enum ReferralStatus { Sent, Accepted, Succeeded, Failed }
