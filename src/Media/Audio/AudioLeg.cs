using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>
/// A leg on an audio thread: what its peer says in this tick, and the way to it. Commands replace <see cref="Sender"/> and <see cref="Settings"/> whole; all else belongs to
/// the thread of the group that has claimed it.
/// </summary>
internal sealed class AudioLeg
{
    private readonly string _name;
    private readonly IAudioEvents _events;
    private readonly short[] _native = new short[AudioFrame.MaxSamples], _frame = new short[AudioFrame.MaxSamples];
    private readonly DtmfDetector _tones = new();
    private readonly TalkDetector _talk = new();
    private IPayloadSender? _sender;
    private LegAudio _settings = LegAudio.Default;
    private AudioGroup? _group;
    private int _rate;
    private float _gain = 1;
    private bool _hasFrame;

    private Limiter _limiter = new();

    public AudioLeg(string name, IAudioEvents events)
    {
        (_name, _events) = (name, events);
        Speaker = new LegSender(Digits);
    }

    public string Name => _name;

    /// <summary>Null: the peer is sent nothing from here.</summary>
    public IPayloadSender? Sender
    {
        get => Volatile.Read(ref _sender);
        set => Volatile.Write(ref _sender, value);
    }

    public LegAudio Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    /// <summary>Digits to be sent to the peer. Commands may add some at any time.</summary>
    public DtmfQueue Digits { get; } = new();

    /// <summary>Makes the packets.</summary>
    public LegSender Speaker { get; }

    /// <summary>Of what the leg alone hears.</summary>
    public ref Limiter Limiter => ref _limiter;

    /// <summary>Nothing is heard of the peer in this tick.</summary>
    public bool IsSilent { get; private set; } = true;

    /// <summary>Mean square of this tick's samples.</summary>
    public float Power { get; private set; }

    /// <summary>The digit that the peer is pressing; 0: none. Its own sound is left out then, so that whoever gets the digit doesn't hear it twice.</summary>
    public char Digit { get; private set; }

    /// <summary>True: the leg is this group's from now on, or was; false: another one has not let it go yet, which lasts a tick at most.</summary>
    public bool TryClaim(AudioGroup group) => Interlocked.CompareExchange(ref _group, group, null) is var owner && (owner is null || owner == group);

    public void LetGo(AudioGroup group) => Interlocked.CompareExchange(ref _group, null, group);

    /// <summary>Nothing is heard of it in this tick, whatever its peer says.</summary>
    public void Pass()
    {
        (IsSilent, Power, Digit, _hasFrame) = (true, 0, '\0', false);
    }

    /// <summary>Takes the next 20 ms from the peer.</summary>
    public void Receive(ILegInput input, long now)
    {
        var settings = Settings;
        _hasFrame = false;
        _rate = input.SampleRate;
        var native = _native.AsSpan(0, AudioFrame.Samples(_rate));
        var isHeard = input.Read(native, now);
        var digit = input.Digit;
        if (settings.DetectTones && digit == 0)
        {
            digit = _tones.Hear(isHeard ? native : default, _rate);
            if (digit != 0 && digit != Digit) _events.Raise(_name, MediaEventKind.DtmfPressed, digit: digit);
        }

        Digit = digit;

        var gain = settings.Muted || digit != 0 ? 0 : settings.Gain;
        IsSilent = !isHeard || (gain == 0 && _gain == 0);
        if (!IsSilent) Mix.Scale(native, native, _gain, gain);
        _gain = gain;
        Power = IsSilent ? 0 : Mix.Power(native);
        IsSilent = Power == 0;
        if (_talk.Hear(Power) && settings.ReportTalking) _events.Raise(_name, _talk.IsTalking ? MediaEventKind.TalkingStarted : MediaEventKind.TalkingStopped);
    }

    /// <summary>This tick's 20 ms at the input's rate. Only when it is not <see cref="IsSilent"/>.</summary>
    public ReadOnlySpan<short> Native => _native.AsSpan(0, AudioFrame.Samples(_rate));

    /// <summary>This tick's 20 ms at the group's rate. Only when it is not <see cref="IsSilent"/>.</summary>
    /// <param name="convert">From the input's rate; null: that is the group's.</param>
    public ReadOnlySpan<short> Frame(int sampleRate, Resampler? convert)
    {
        var native = _native.AsSpan(0, AudioFrame.Samples(_rate));
        if (convert is null) return native;
        var frame = _frame.AsSpan(0, AudioFrame.Samples(sampleRate));
        if (!_hasFrame) convert.Process(native, frame);
        _hasFrame = true;
        return frame;
    }
}
