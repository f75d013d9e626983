namespace Telephony.Sip;

/// <summary>One of the two ends of a dialog (RFC 3261 §12), seen from one of them.</summary>
public enum DialogSide { Nobody, Us, Peer }
