namespace Telephony.Sip;

/// <summary>How far a dialog has come that a Replaces may name.</summary>
public enum ReplaceableStatus { Early, Confirmed, Ended }
