namespace Telephony.Sip;

/// <summary>What a Replaces comes to (RFC 3891 §3).</summary>
/// <param name="Status">200 to take the dialog's place; else what the INVITE is answered with.</param>
/// <param name="Dialog">The one to take the place of: a confirmed one gets a BYE, an early one a CANCEL, once the INVITE was answered 200.</param>
public sealed record ReplacesMatch(int Status, Replaceable? Dialog = null);
