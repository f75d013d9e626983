namespace Telephony.Media.Audio;

/// <summary>Who hears whom in a group, with all that is needed for it. Replaced whole; what lasts longer (legs, rooms, encoders) is taken over from the plan before.</summary>
/// <param name="SampleRate">Of the frames that are mixed.</param>
internal sealed record GroupPlan(int SampleRate, Seat[] Seats, RoomPlan[] Rooms, TapSeat[] Taps)
{
    public static readonly GroupPlan Empty = new(8000, [], [], []);

    /// <summary>The last one of a group: its thread takes it off.</summary>
    public static readonly GroupPlan Ended = new(8000, [], [], []);
}
