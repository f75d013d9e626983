using Telephony.Media.Codecs;
using Telephony.Media.Dsp;

namespace Telephony.Media.Audio;

/// <summary>Makes payloads of frames at a group's rate. On one audio thread; allocates nothing after it was made.</summary>
internal sealed class FrameEncoder : IDisposable
{
    private const int MaxPacketFrames = 3; // of 20 ms

    private readonly IAudioEncoder _encoder;
    private readonly Resampler? _convert;
    private readonly int _frameSamples;
    private readonly short[] _samples;
    private readonly byte[] _payload = new byte[AudioCodecs.MaxPayload];
    private int _count;

    /// <param name="sampleRate">Of the frames.</param>
    /// <param name="packetTime">Milliseconds of a packet at most; made to 20, 40 or 60, and never more than the peer takes (<c>maxptime</c>): 30 becomes 20.</param>
    public FrameEncoder(AudioCodec codec, EncoderSettings settings, int packetTime, int sampleRate)
    {
        _encoder = AudioCodecs.CreateEncoder(codec, settings);
        _convert = codec.SampleRate == sampleRate ? null : new Resampler(sampleRate, codec.SampleRate);
        _frameSamples = codec.FrameSamples;
        _samples = new short[_frameSamples * Math.Clamp(packetTime / AudioFrame.Milliseconds, 1, MaxPacketFrames)];
    }

    /// <summary>The payload that is due with this frame, until the next call; empty: none (DTX, or the packet is not full).</summary>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<short> frame)
    {
        var own = _samples.AsSpan(_count, _frameSamples);
        if (_convert is null) frame.CopyTo(own);
        else _convert.Process(frame, own);
        _count += _frameSamples;
        if (_count < _samples.Length) return default;
        _count = 0;
        return _payload.AsSpan(0, Math.Max(_encoder.Encode(_samples, _payload), 0));
    }

    /// <inheritdoc cref="IAudioEncoder.ExpectLoss"/>
    public void ExpectLoss(int percent) => _encoder.ExpectLoss(percent);

    public void Dispose()
    {
        _encoder.Dispose();
        _convert?.Dispose();
    }
}
