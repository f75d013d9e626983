namespace Telephony.Media.Audio;

/// <summary>What a gain was at the end of the last tick. Kept over changes of the plan, so that each goes evenly from what it was to what it is to be.</summary>
internal sealed class GainRamp
{
    public float Gain { get; set; }
}
