using Telephony.Media.Dsp;

namespace Telephony.Media.Codecs;

/// <summary>A phone, a network that loses and delays, and a jitter buffer that is asked each 20 ms. Simulated time, in microseconds.</summary>
internal sealed class SimulatedStream(AudioCodec codec, int seed) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly IAudioEncoder _encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
    private readonly PriorityQueue<Packet, long> _network = new();
    private readonly byte[] _payload = new byte[AudioCodecs.MaxPayload];
    private readonly short[] _frame = new short[codec.FrameSamples];
    private long _now = 3_600_000_000, _sent;
    private ushort _sequence = (ushort)(seed * 7919);
    private uint _timestamp = (uint)(seed * 2654435761);

    private sealed record Packet(uint Source, ushort Sequence, uint Timestamp, bool Marker, PacketKind Kind, byte[] Payload);

    public JitterBuffer Buffer { get; } = new(codec, AudioCodecs.CreateDecoder(codec), 1_000_000);

    public List<short> Said { get; } = [];

    public List<short> HeardSamples { get; } = [];

    public List<Heard> Frames { get; } = [];

    public uint Source { get; set; } = 1;

    /// <summary>Milliseconds; the phone's clock is faster by <see cref="DriftPpm"/>.</summary>
    public int PacketTime { get; init; } = 20;

    public double Loss { get; set; }

    public Func<Random, double> DelayMs { get; set; } = _ => 30;

    public double CopyShare { get; set; }

    public int DriftPpm { get; init; }

    public int TickJitterMs { get; init; }

    /// <summary>The phone says this, and we listen meanwhile.</summary>
    public void Say(ReadOnlySpan<short> samples, bool isSilent = false, bool marker = false)
    {
        var step = codec.SampleRate / 1000 * PacketTime;
        for (var at = 0; at + step <= samples.Length; at += step)
        {
            var length = _encoder.Encode(samples.Slice(at, step), _payload);
            if (!isSilent) Send(new(Source, _sequence++, _timestamp, marker && at == 0, PacketKind.Audio, _payload[..length]));
            _timestamp += (uint)(codec.RtpClock / 1000 * PacketTime);
            Said.AddRange(samples.Slice(at, step));
            _sent += (long)(PacketTime * 1000 / (1 + (DriftPpm / 1e6)));
            ListenUntil(3_600_000_000 + _sent);
        }
    }

    public void SendOther(PacketKind kind, byte[] payload) => Send(new(Source, _sequence++, _timestamp, false, kind, payload));

    public void JumpTimestamp(uint by) => _timestamp += by;

    public void JumpSequence(ushort by) => _sequence += by;

    public int Count(Heard heard, int skip = 0) => Frames.Skip(skip).Count(f => f == heard);

    public void Dispose()
    {
        _encoder.Dispose();
        Buffer.Dispose();
    }

    private void Send(Packet packet)
    {
        if (_random.NextDouble() < Loss) return;
        var at = 3_600_000_000 + _sent;
        _network.Enqueue(packet, at + (long)(DelayMs(_random) * 1000));
        if (_random.NextDouble() < CopyShare) _network.Enqueue(packet, at + (long)(DelayMs(_random) * 1000) + 3000);
    }

    private void ListenUntil(long end)
    {
        for (; _now < end; _now += 20_000)
        {
            var tick = _now + (TickJitterMs == 0 ? 0 : _random.Next(TickJitterMs * 1000));
            while (_network.TryPeek(out var packet, out var arrival) && arrival <= tick)
            {
                _network.Dequeue();
                Buffer.Put(packet.Source, packet.Sequence, packet.Timestamp, packet.Marker, packet.Kind, packet.Payload, arrival);
            }

            Array.Fill(_frame, (short)12345); // what is not written would be heard
            Frames.Add(Buffer.Take(_frame, tick));
            HeardSamples.AddRange(_frame);
        }
    }

    /// <summary>Likeness of one second of what was said with what was heard, at the delay where it is best.</summary>
    public (double Likeness, int DelayMs) Compare(int atMs, int lengthMs = 1000)
    {
        var perMs = codec.SampleRate / 1000;
        var said = Said.Skip(atMs * perMs).Take(lengthMs * perMs).ToArray();
        var heard = HeardSamples.Skip(atMs * perMs).Take((lengthMs + 500) * perMs).ToArray();
        return Enumerable.Range(0, 500).Select(d => (Signals.Likeness(said, heard, d * perMs), d)).Max();
    }
}
