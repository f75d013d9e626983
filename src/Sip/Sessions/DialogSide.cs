namespace Telephony.Sip;

/// <summary>One of the two ends of a dialog, seen from one of them.</summary>
public enum DialogSide { Nobody, Us, Peer }
