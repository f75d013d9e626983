namespace Telephony.Media.Audio;

/// <summary>A room in a group's plan.</summary>
internal sealed record RoomPlan(Room Room, RoomSeat[] Seats, PlaySeat[] Plays);
