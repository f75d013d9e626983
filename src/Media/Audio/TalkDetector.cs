namespace Telephony.Media.Audio;

/// <summary>
/// Tells talk from a background, by the power of frames: 60 ms well above the background begin it, half a second without end it, so that a pause between words is talk.
/// The background is the quietest of late; it rises by 1 dB a second, so a fan that is turned on is talk for a few seconds only.
/// </summary>
internal sealed class TalkDetector
{
    /// <summary>-50 dBFS: quieter is never talk.</summary>
    public const float MinPower = 32768f * 32768 * 1e-5f;

    private const float AboveBackground = 8, Rise = 1.0046f; // 9 dB; 1 dB a second of 50 frames
    private const int BeginFrames = 3, EndFrames = 25;

    private float _background = MinPower / AboveBackground;
    private int _frames; // in a row that speak against IsTalking

    public bool IsTalking { get; private set; }

    /// <summary>Takes 20 ms. True: <see cref="IsTalking"/> has changed.</summary>
    public bool Hear(float power)
    {
        var isLoud = power > MinPower && power > _background * AboveBackground;
        _background = Math.Max(Math.Min(power, _background * Rise), MinPower / AboveBackground);
        if (isLoud == IsTalking)
        {
            _frames = 0;
            return false;
        }

        if (++_frames < (IsTalking ? EndFrames : BeginFrames)) return false;
        _frames = 0;
        IsTalking = isLoud;
        return true;
    }
}
