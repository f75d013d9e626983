namespace Telephony.Media.Audio;

/// <summary>
/// Everybody in it hears the sum of the others. When more than <see cref="MaxSpeakers"/> are to be heard, only the loudest so many are: more voices at once are not
/// understood, and the background of 200 parties would be noise. Whoever is chosen stays so until somebody is clearly louder.
/// </summary>
internal sealed class Room
{
    public const int MaxSpeakers = 8;

    private const float Stay = 4; // 6 dB in favour of who is chosen

    private readonly int[] _sum = new int[AudioFrame.MaxSamples];
    private readonly short[] _frame = new short[AudioFrame.MaxSamples];
    private readonly RoomMember?[] _loudest = new RoomMember?[MaxSpeakers];
    private Limiter _limiter = new();

    /// <summary>What all together say in this tick.</summary>
    public ReadOnlySpan<int> Sum(int samples) => _sum.AsSpan(0, samples);

    /// <summary>The same as samples: what those hear who add nothing to it.</summary>
    public ReadOnlySpan<short> Frame(int samples) => _frame.AsSpan(0, samples);

    /// <summary>Mixes this tick. On the group's thread.</summary>
    public void Mix(ReadOnlySpan<RoomSeat> seats, ReadOnlySpan<PlaySeat> plays, int sampleRate, Span<short> scratch)
    {
        Choose(seats);
        var sum = _sum.AsSpan(0, AudioFrame.Samples(sampleRate));
        sum.Clear();
        foreach (var seat in seats) seat.Member.AddTo(sum, seat.Seat, sampleRate);
        foreach (var play in plays)
        {
            if (!play.Mix(sum, scratch) || play.Play.Mode != PlayMode.Instead) continue;
            foreach (var seat in seats) seat.Member.LeaveSum();
        }

        _limiter.Apply(sum, _frame.AsSpan(0, sum.Length));
    }

    private void Choose(ReadOnlySpan<RoomSeat> seats)
    {
        var speakers = 0;
        foreach (var seat in seats)
        {
            seat.Member.Measure(seat.Seat.Leg.Power);
            if (seat.Member.Part.Speaks) speakers++;
        }

        if (speakers <= MaxSpeakers)
        {
            foreach (var seat in seats) seat.Member.IsChosen = true;
            return;
        }

        var count = 0;
        foreach (var seat in seats)
        {
            var member = seat.Member;
            if (!member.Part.Speaks) continue;
            var at = count;
            while (at > 0 && Rank(_loudest[at - 1]!) < Rank(member)) at--;
            if (at == MaxSpeakers) continue;
            count = Math.Min(count + 1, MaxSpeakers);
            for (var i = count - 1; i > at; i--) _loudest[i] = _loudest[i - 1];
            _loudest[at] = member;
        }

        foreach (var seat in seats) seat.Member.IsChosen = Array.IndexOf(_loudest, seat.Member, 0, count) >= 0 && seat.Member.Level > TalkDetector.MinPower;
        Array.Clear(_loudest);
    }

    private static float Rank(RoomMember member) => member.IsChosen ? member.Level * Stay : member.Level;
}
