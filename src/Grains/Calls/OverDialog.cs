namespace Telephony.Grains.Calls;

/// <summary>A dialog of a leg that had its BYE.</summary>
/// <param name="Tag">The peer's tag of it.</param>
public readonly record struct OverDialog(int Leg, string Tag);
