namespace Telephony.Media;

/// <summary>What a leg does in a room.</summary>
/// <param name="Speaks">False: it is muted there.</param>
/// <param name="Hears">False: it is on hold there.</param>
/// <param name="Gain">How loud the others hear it: linear, 0 to 8.</param>
[GenerateSerializer, Immutable]
public sealed record RoomPart([property: Id(0)] bool Speaks = true, [property: Id(1)] bool Hears = true, [property: Id(2)] float Gain = 1);
