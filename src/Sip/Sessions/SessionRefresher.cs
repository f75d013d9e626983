namespace Telephony.Sip;

/// <summary>Who refreshes a session, by the roles in the request that says so (RFC 4028 §4).</summary>
public enum SessionRefresher { Uac, Uas }
