namespace Telephony.Sip;

/// <summary>What an INFO within a dialog is about.</summary>
/// <param name="Answer">To send.</param>
/// <param name="Package">Its Info Package (RFC 6086 §4.2.1); null for one of the old kind.</param>
/// <param name="Key">The key that it tells of; null when it tells of none.</param>
public sealed record InfoResult(SipAnswer Answer, string? Package = null, Dtmf? Key = null);
