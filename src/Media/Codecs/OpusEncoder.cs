namespace Telephony.Media.Codecs;

/// <summary>
/// Opus (RFC 6716, RFC 7587) for speech, from 48 kHz mono. The signal is said to be voice: left to itself, libopus takes some voices for music, and codes them worse at
/// a low rate.
/// </summary>
internal sealed class OpusEncoder : IAudioEncoder
{
    private readonly LibOpus.Encoder _encoder;
    private int _expectedLoss;

    /// <exception cref="InvalidOperationException">libopus refuses.</exception>
    public OpusEncoder(EncoderSettings settings)
    {
        _encoder = LibOpus.opus_encoder_create(AudioCodecs.Opus.SampleRate, 1, LibOpus.ApplicationVoip, out var error);
        if (_encoder.IsInvalid) throw new InvalidOperationException($"opus_encoder_create: {error}");
        Set(LibOpus.SetSignal, LibOpus.SignalVoice);
        Set(LibOpus.SetComplexity, Math.Clamp(settings.Complexity, 0, 10));
        Set(LibOpus.SetBitrate, settings.Bitrate);
        Set(LibOpus.SetVbr, settings.IsConstantBitrate ? 0 : 1);
        Set(LibOpus.SetInbandFec, settings.HasFec ? 1 : 0);
        Set(LibOpus.SetDtx, settings.HasDtx ? 1 : 0);
        Set(LibOpus.SetMaxBandwidth, Bandwidth(settings.MaxPlaybackRate));
    }

    public int Encode(ReadOnlySpan<short> frame, Span<byte> payload)
    {
        var length = LibOpus.opus_encode(_encoder, frame, frame.Length, payload, Math.Min(payload.Length, LibOpus.MaxFrameBytes));
        return length > 2 ? length : 0; // up to 2: silence that needs no packet
    }

    public void ExpectLoss(int percent)
    {
        percent = Math.Clamp(percent, 0, 100);
        if (percent != _expectedLoss) Set(LibOpus.SetPacketLossPercent, _expectedLoss = percent);
    }

    public void Dispose() => _encoder.Dispose();

    // RFC 7587 §3.1.1 and its table 1
    private static int Bandwidth(int playbackRate) => playbackRate switch
    {
        < 12_000 => LibOpus.Narrowband,
        < 16_000 => LibOpus.Mediumband,
        < 24_000 => LibOpus.Wideband,
        < 48_000 => LibOpus.Superwideband,
        _ => LibOpus.Fullband,
    };

    private void Set(int request, int value)
    {
        var result = LibOpus.opus_encoder_ctl(_encoder, request, value);
        if (result < 0) throw new InvalidOperationException($"opus_encoder_ctl {request}: {result}");
    }
}
