using Telephony.Media.Codecs;
using Telephony.Media.Relay;
using Telephony.Media.Sounds;

namespace Telephony.Media.Audio;

/// <summary>A leg of a group with its peer: what that says, and what it is sent.</summary>
internal sealed class Listener : IPayloadSender
{
    private readonly IAudioDecoder _decoder;
    private readonly short[] _samples = new short[AudioCodecs.MaxSamples];

    public Listener(string name, TestEvents events, double hz = 0, AudioCodec? codec = null, int groupRate = 8000, LegFormat? format = null)
    {
        Codec = codec ?? AudioCodecs.Pcmu;
        _decoder = AudioCodecs.CreateDecoder(Codec);
        Leg = new AudioLeg(name, events) { Sender = this };
        Input = new ToneInput(hz, Codec.SampleRate) { IsSilent = hz == 0 };
        Seat = new Seat
        {
            Leg = Leg,
            Input = Input,
            Convert = Codec.SampleRate == groupRate ? null : new Dsp.Resampler(Codec.SampleRate, groupRate),
            Format = format ?? new LegFormat(0, Codec.RtpClock, EventPayloadType: 101, DtmfMode.Auto),
            Encoder = new FrameEncoder(Codec, EncoderSettings.Default with { HasFec = true }, 20, groupRate),
        };
    }

    public AudioCodec Codec { get; }

    public int ExpectedLoss { get; set; }

    public AudioLeg Leg { get; }

    public ToneInput Input { get; }

    public Seat Seat { get; }

    /// <summary>Off: nothing is decoded or kept.</summary>
    public bool IsListening { get; set; } = true;

    public List<short> Heard { get; } = [];

    public List<(byte Type, uint Step, bool Marker, byte[] Payload)> Packets { get; } = [];

    /// <summary>Where what it hears comes from.</summary>
    public void Hears(params (Listener From, float Gain)[] from) => Seat.Hears = [.. from.Select(f => new MixInput(f.From.Seat, f.Gain, new GainRamp { Gain = f.Gain }))];

    /// <summary>The amplitude of a tone in the last so many milliseconds.</summary>
    public double Level(double hz, int milliseconds = 200)
    {
        var samples = Heard.ToArray().AsSpan();
        var count = Codec.SampleRate * milliseconds / 1000;
        return Spectrum.Level(samples[^count..], Codec.SampleRate, hz);
    }

    public void Resume(int clock, long now)
    {
    }

    public SendResult Send(ReadOnlySpan<byte> payload, byte payloadType, uint timestampStep, bool marker, long now, Traffic traffic)
    {
        if (!IsListening) return SendResult.Sent;
        Packets.Add((payloadType, timestampStep, marker, payload.ToArray()));
        if (payloadType == Seat.Format!.PayloadType) Heard.AddRange(_samples[.._decoder.Decode(payload, _samples)]);
        return SendResult.Sent;
    }
}
