namespace Telephony.Media.Audio;

/// <summary>What all get who hear a room as it is, in one format: encoded once a tick, and only when somebody wants it.</summary>
internal sealed class SharedEncoder(FrameEncoder encoder) : IDisposable
{
    private readonly byte[] _payload = new byte[Codecs.AudioCodecs.MaxPayload];
    private int _length;
    private long _tick = -1;

    public ReadOnlySpan<byte> Payload(long tick, ReadOnlySpan<short> frame)
    {
        if (_tick != tick)
        {
            _tick = tick;
            var payload = encoder.Encode(frame);
            payload.CopyTo(_payload);
            _length = payload.Length;
        }

        return _payload.AsSpan(0, _length);
    }

    public void Dispose() => encoder.Dispose();
}
