namespace Telephony.Sip;

/// <summary>How far a dialog has come that a Replaces may name (RFC 3891 §3).</summary>
public enum ReplaceableStatus { Early, Confirmed, Ended }
