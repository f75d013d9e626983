namespace Telephony.Media.Audio;

/// <summary>A leg's place in a room of a group's plan.</summary>
/// <param name="Shared">What encodes the room for all who hear it in this leg's format; null: the leg is sent nothing.</param>
internal sealed record RoomSeat(Room Room, RoomMember Member, Seat Seat, SharedEncoder? Shared);
