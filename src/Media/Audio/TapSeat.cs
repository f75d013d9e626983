using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>A tap in a group's plan. On the group's thread.</summary>
/// <param name="tap">What hears.</param>
/// <param name="seats">Its legs in their order; null: one that is gone.</param>
/// <param name="received">From each leg's rate to the tap's; null where they are equal.</param>
/// <param name="sent">From the group's rate to the tap's; null where they are equal.</param>
internal sealed class TapSeat(IAudioTap tap, Seat?[] seats, Resampler?[] received, Resampler?[] sent)
{
    private readonly short[] _received = new short[AudioFrame.MaxSamples], _sent = new short[AudioFrame.MaxSamples];

    public void Write(int sampleRate, int ticks)
    {
        var samples = AudioFrame.Samples(tap.SampleRate);
        var heard = _received.AsSpan(0, samples);
        var said = _sent.AsSpan(0, samples);
        for (var i = 0; i < seats.Length; i++)
        {
            var seat = seats[i];
            Fill(heard, seat is null || seat.Leg.IsSilent ? default : seat.Leg.Native, received[i]);
            Fill(said, seat is null || !seat.IsHere ? default : seat.Sent(sampleRate), sent[i]);
            tap.Write(i, heard, said);
        }

        tap.EndTick(ticks);
    }

    private static void Fill(Span<short> to, ReadOnlySpan<short> frame, Resampler? convert)
    {
        if (frame.IsEmpty) to.Clear();
        else if (convert is not null) convert.Process(frame, to);
        else frame.CopyTo(to);
    }
}
