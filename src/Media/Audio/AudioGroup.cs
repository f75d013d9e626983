using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>
/// Legs that hear each other, and so are worked on together, on one thread. A command sets <see cref="Plan"/>; the thread does the rest at its ticks, without lock or
/// allocation.
/// </summary>
internal sealed class AudioGroup
{
    private readonly int[] _sum = new int[AudioFrame.MaxSamples];
    private readonly short[] _mix = new short[AudioFrame.MaxSamples], _scratch = new short[AudioFrame.MaxSamples];
    private GroupPlan _plan = GroupPlan.Empty;
    private GroupPlan _current = GroupPlan.Empty;
    private long _tick;

    public GroupPlan Plan
    {
        get => Volatile.Read(ref _plan);
        set => Volatile.Write(ref _plan, value);
    }

    /// <summary>It has let all go and is no more. On its thread.</summary>
    public bool HasEnded => ReferenceEquals(_current, GroupPlan.Ended);

    /// <summary>The next 20 ms.</summary>
    /// <param name="ticks">What they stand for: more than 1 after some were left out.</param>
    /// <param name="now">The time provider's timestamp.</param>
    /// <param name="traffic">Of the thread.</param>
    public void Tick(int ticks, long now, Traffic traffic)
    {
        Adopt(Plan);
        _tick++;
        foreach (var seat in _current.Seats)
        {
            seat.IsHere = seat.Leg.TryClaim(this);
            if (!seat.IsHere) continue;
            if (seat.Input is { } input) seat.Leg.Receive(input, now);
            else seat.Leg.Pass();
        }

        foreach (var room in _current.Rooms) room.Room.Mix(room.Seats, room.Plays, _current.SampleRate, _scratch);
        foreach (var seat in _current.Seats)
        {
            if (seat.IsHere) Speak(seat, ticks, now, traffic);
        }

        foreach (var tap in _current.Taps) tap.Write(_current.SampleRate, ticks);
    }

    // legs that the last plan had and this one has not are another group's to claim
    private void Adopt(GroupPlan plan)
    {
        if (ReferenceEquals(plan, _current)) return;
        foreach (var seat in _current.Seats)
        {
            if (Array.TrueForAll(plan.Seats, s => s.Leg != seat.Leg)) seat.Leg.LetGo(this);
        }

        _current = plan;
    }

    private void Speak(Seat seat, int ticks, long now, Traffic traffic)
    {
        var leg = seat.Leg;
        var sender = seat.Format is null ? null : leg.Sender;
        if (sender is null && !seat.IsTapped) return;
        if (sender is not null) leg.Speaker.Step(sender, seat.Format!, ticks, HeldDigit(seat), now, traffic);
        var isDigit = sender is not null && leg.Speaker.IsSendingDigit;
        if (!seat.HearsSomething && !isDigit)
        {
            seat.KeepSent(default);
            return;
        }

        var samples = AudioFrame.Samples(_current.SampleRate);
        if (!isDigit && seat is { Hears: [], Plays: [], Rooms: [{ Member.IsInSum: false } only] })
        {
            var frame = only.Room.Frame(samples);
            seat.KeepSent(frame);
            if (sender is not null) leg.Speaker.Send(sender, seat.Format!, only.Shared!.Payload(_tick, frame), now, traffic);
            return;
        }

        var mix = _mix.AsSpan(0, samples);
        Mix(seat, mix);
        if (sender is not null && leg.Speaker.Replace(mix, _current.SampleRate, seat.Format!)) mix.Clear();
        else if (sender is not null)
        {
            seat.Encoder!.ExpectLoss(sender.ExpectedLoss);
            leg.Speaker.Send(sender, seat.Format!, seat.Encoder.Encode(mix), now, traffic);
        }

        seat.KeepSent(mix);
    }

    private void Mix(Seat seat, Span<short> mix)
    {
        var sum = _sum.AsSpan(0, mix.Length);
        var scratch = _scratch.AsSpan(0, mix.Length);
        sum.Clear();
        foreach (var heard in seat.Hears)
        {
            var from = heard.From.Leg;
            if (heard.From.IsHere && !from.IsSilent)
            {
                Audio.Mix.Scale(from.Frame(_current.SampleRate, heard.From.Convert), scratch, heard.Ramp.Gain, heard.Gain);
                Audio.Mix.Add(sum, scratch);
            }

            heard.Ramp.Gain = heard.Gain;
        }

        foreach (var room in seat.Rooms)
        {
            Audio.Mix.Add(sum, room.Room.Sum(mix.Length));
            if (room.Member.IsInSum) Audio.Mix.Subtract(sum, room.Member.Contribution(mix.Length));
        }

        foreach (var play in seat.Plays) play.Mix(sum, scratch);
        seat.Leg.Limiter.Apply(sum, mix);
    }

    private static char HeldDigit(Seat seat)
    {
        foreach (var heard in seat.Hears)
        {
            if (heard.From is { IsHere: true, Leg.Digit: not '\0' and var digit }) return digit;
        }

        return '\0';
    }
}
