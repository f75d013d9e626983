using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>A leg's place in a group's plan: what of it is heard, whom it hears, and how that is encoded.</summary>
internal sealed class Seat
{
    private short[]? _sent;

    public required AudioLeg Leg { get; init; }

    /// <summary>Null: nobody needs to hear this leg.</summary>
    public ILegInput? Input { get; init; }

    /// <summary>From the input's rate to the group's; null: they are equal.</summary>
    public Resampler? Convert { get; init; }

    /// <summary>Whom it hears, apart from rooms.</summary>
    public MixInput[] Hears { get; set; } = [];

    /// <summary>Rooms that it hears.</summary>
    public RoomSeat[] Rooms { get; set; } = [];

    /// <summary>What is played to it alone.</summary>
    public PlaySeat[] Plays { get; set; } = [];

    /// <summary>How its peer is spoken to; null: it is sent nothing from here.</summary>
    public LegFormat? Format { get; init; }

    /// <summary>Makes packets of what it alone hears. There when <see cref="Format"/> is.</summary>
    public FrameEncoder? Encoder { get; init; }

    /// <summary>A tap needs what it is sent.</summary>
    public bool IsTapped
    {
        get => _sent is not null;
        init => _sent = value ? new short[AudioFrame.MaxSamples] : null;
    }

    /// <summary>The group has claimed the leg. On the audio thread.</summary>
    public bool IsHere { get; set; }

    public bool HearsSomething => Hears.Length + Rooms.Length + Plays.Length > 0;

    /// <summary>What its peer was sent in this tick.</summary>
    public ReadOnlySpan<short> Sent(int sampleRate) => _sent.AsSpan(0, AudioFrame.Samples(sampleRate));

    public void KeepSent(ReadOnlySpan<short> frame)
    {
        if (_sent is null) return;
        if (frame.IsEmpty) _sent.AsSpan().Clear();
        else frame.CopyTo(_sent);
    }
}
