namespace Telephony.Sip;

/// <summary>A dialog that a Replaces may name (RFC 3891 §3).</summary>
/// <param name="Dialog">As its owner has it.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="IsOurs">We sent its INVITE.</param>
[GenerateSerializer, Immutable]
public sealed record Replaceable([property: Id(0)] Dialog Dialog, [property: Id(1)] ReplaceableStatus Status, [property: Id(2)] bool IsOurs);
