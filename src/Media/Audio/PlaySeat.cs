using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>A play in a group's plan.</summary>
/// <param name="Converts">From each source's rate to the group's; null where they are equal.</param>
internal sealed record PlaySeat(Playback Play, Resampler?[] Converts)
{
    /// <summary>Adds its next 20 ms to the sum, which it clears first where it is heard instead. False: it is over.</summary>
    public bool Mix(Span<int> sum, Span<short> scratch)
    {
        if (!Play.Read(scratch, Converts)) return false;
        if (Play.Mode == PlayMode.Instead) sum.Clear();
        Audio.Mix.Add(sum, scratch);
        return true;
    }
}
