namespace Telephony.Media.Audio;

/// <summary>A leg in a room. <see cref="Part"/> is replaced by commands; all else is the audio thread's, and kept over changes of the plan.</summary>
internal sealed class RoomMember(RoomPart part)
{
    private const float Smoothing = 0.2f; // a new frame's share in the level

    private readonly short[] _scaled = new short[AudioFrame.MaxSamples];
    private RoomPart _part = part;
    private float _gain;

    public RoomPart Part
    {
        get => Volatile.Read(ref _part);
        set => Volatile.Write(ref _part, value);
    }

    /// <summary>Smoothed power: whom to choose when too many speak.</summary>
    public float Level { get; private set; }

    /// <summary>It is one of those who are mixed.</summary>
    public bool IsChosen { get; set; }

    /// <summary>It is in this tick's sum.</summary>
    public bool IsInSum { get; private set; }

    /// <summary>What it put into the sum. Only if <see cref="IsInSum"/>.</summary>
    public ReadOnlySpan<short> Contribution(int samples) => _scaled.AsSpan(0, samples);

    public void Measure(float power) => Level += (power - Level) * Smoothing;

    /// <summary>Adds its frame to the sum: rising to its gain when it was just chosen, falling to nothing when it no longer is.</summary>
    public void AddTo(Span<int> sum, Seat seat, int sampleRate)
    {
        var gain = IsChosen && Part.Speaks ? Part.Gain : 0;
        IsInSum = !seat.Leg.IsSilent && (gain > 0 || _gain > 0);
        if (IsInSum)
        {
            var scaled = _scaled.AsSpan(0, sum.Length);
            Mix.Scale(seat.Leg.Frame(sampleRate, seat.Convert), scaled, _gain, gain);
            Mix.Add(sum, scaled);
        }

        _gain = gain;
    }

    /// <summary>Something else is heard in place of everybody.</summary>
    public void LeaveSum() => IsInSum = false;
}
