using Telephony.Media.Dsp;

namespace Telephony.Media.Codecs;

/// <summary>
/// Makes an even stream of samples of one peer's packets: puts them in order, decodes them when their time has come, makes up what is missing, and keeps the delay as short as the
/// network's jitter lets it be. The delay grows at once, since a late packet is waited for by making up, and shrinks slowly: voices lose a pitch period now and then, and after a
/// pause the next word begins at the right time. Used by one thread at a time; everything is bounded; nothing is allocated after it was made.
/// </summary>
internal sealed class JitterBuffer : IDisposable
{
    /// <summary>Microseconds.</summary>
    public const long MinDelay = 20_000, MaxDelay = 400_000;

    private const long FadedOut = 60_000, LongGap = 200_000, Jump = 2_000_000, Tolerance = 10_000, Slack = 15_000; // µs
    private const int MaxDropout = 100; // sequence numbers
    private const int ShrinkAfter = 25, ChangeEvery = 4; // frames

    private readonly AudioCodec _codec;
    private readonly IAudioDecoder _decoder;
    private readonly double _microsecondsPerStamp;
    private readonly PacketStore _packets = new();
    private readonly DelayEstimator _estimator = new(MinDelay, MaxDelay);
    private readonly ComfortNoise _noise = new();
    private readonly short[] _samples; // decoded, and not yet taken
    private int _count;
    private JitterCounters _counters;
    private uint? _source;
    private long _expected, _lastTimestamp; // extended: the sequence to be decoded next, and the newest packet's timestamp
    private int _odd = -1; // the sequence that would follow the last one that was far from all others
    private bool _isPlaying, _isPause, _hasNoise; // a pause: what is not there isn't missing
    private long _next; // the extended timestamp of what is to be decoded next
    private long _owed; // µs that were made up while nothing was there: later on they are either the loss or more delay
    private int _duration; // samples of a packet
    private int _sinceChange, _tooLong; // frames

    /// <param name="codec">Of all audio packets.</param>
    /// <param name="decoder">The buffer's from now on.</param>
    /// <param name="frequency">Of the time stamps that it is given (<see cref="TimeProvider.TimestampFrequency"/>).</param>
    public JitterBuffer(AudioCodec codec, IAudioDecoder decoder, long frequency)
    {
        (_codec, _decoder, _microsecondsPerStamp) = (codec, decoder, 1e6 / frequency);
        _samples = new short[codec.SampleRate * 3 / 10];
        _duration = codec.FrameSamples;
    }

    public ref readonly JitterCounters Counters => ref _counters;

    /// <summary>By how many microseconds what is heard is later than the fastest packets would let it be.</summary>
    public long Delay { get; private set; }

    /// <summary>What it should be.</summary>
    public long TargetDelay => _estimator.Target;

    public void Dispose() => _decoder.Dispose();

    /// <summary>Takes a packet as it arrives. Anything may come.</summary>
    /// <param name="marker">It is the first one after a pause (RFC 3551 §4.1).</param>
    /// <param name="arrival">The time stamp of its arrival.</param>
    public void Put(uint source, ushort sequence, uint timestamp, bool marker, PacketKind kind, ReadOnlySpan<byte> payload, long arrival)
    {
        if (source != _source || (kind == PacketKind.Audio && IsFarOff(timestamp, arrival))) Begin(source, sequence, timestamp);
        if (!TryExtend(sequence, out var extended))
        {
            if (sequence != _odd)
            {
                _odd = (ushort)(sequence + 1);
                _counters.Discarded++;
                return;
            }

            Begin(source, sequence, timestamp); // two in a row: it goes on from there (RFC 3550 appendix A.1)
            extended = _expected;
        }

        if (_packets.HasSeen(extended))
        {
            _counters.Duplicates++;
            return;
        }

        var time = Extend(timestamp);
        if (kind == PacketKind.Audio)
        {
            var arrived = Microseconds(arrival);
            _estimator.Hear(arrived, arrived - ToMicroseconds(time));
            if (extended > _packets.Highest) _lastTimestamp = time;
        }

        if (extended < _expected && _isPlaying) _counters.Late++;
        else if (payload.Length > PacketStore.MaxPayload) _counters.Undecodable++;
        else Keep(new(extended, time, marker, kind, payload.Length), payload);
    }

    /// <summary>Fills the next 20 ms, at the codec's sample rate.</summary>
    /// <param name="now">The time stamp of this moment.</param>
    public Heard Take(Span<short> frame, long now)
    {
        var time = Microseconds(now);
        var heard = _count > 0 ? Heard.Audio : Heard.Nothing;
        while (_count < frame.Length)
        {
            var step = Fill(frame.Length, time);
            if (step == Heard.Nothing) break;
            if (heard != Heard.Audio) heard = step;
        }

        if (_count >= frame.Length && heard == Heard.Audio) Adapt(frame.Length, time);
        var taken = Math.Min(_count, frame.Length);
        _samples.AsSpan(0, taken).CopyTo(frame);
        _samples.AsSpan(taken, _count - taken).CopyTo(_samples);
        _count -= taken;
        if (taken == frame.Length) return heard;

        if (_hasNoise) _noise.Fill(frame[taken..]);
        else frame[taken..].Clear();
        return heard == Heard.Nothing && _hasNoise ? Heard.ComfortNoise : heard;
    }

    private void Begin(uint source, ushort sequence, uint timestamp)
    {
        if (_source is not null) _counters.Resets++;
        _packets.Clear();
        _estimator.Reset();
        (_source, _odd, _isPlaying, _isPause, _owed) = (source, -1, false, false, 0);
        (_expected, _lastTimestamp) = (sequence + 0x10000L, timestamp + 0x1_0000_0000L);
    }

    private bool TryExtend(ushort sequence, out long extended)
    {
        var near = Math.Max(_packets.Highest, _expected);
        extended = near + (short)(sequence - (ushort)near);
        return Math.Abs(extended - near) <= MaxDropout;
    }

    private long Extend(uint timestamp) => _lastTimestamp + (int)(timestamp - (uint)_lastTimestamp);

    // its clock was set, or stood still on hold
    private bool IsFarOff(uint timestamp, long arrival) =>
        !_estimator.IsEmpty && Math.Abs(Microseconds(arrival) - ToMicroseconds(Extend(timestamp)) - _estimator.Fastest) > Jump;

    private void Keep(in PacketStore.Packet packet, ReadOnlySpan<byte> payload)
    {
        if (!_isPlaying) _expected = Math.Min(_expected, packet.Sequence);
        while ((_packets.Count == PacketStore.Capacity || packet.Sequence - _expected >= PacketStore.Window) && _packets.TryFirst(_expected, out var first)) Discard(first);
        _expected = Math.Max(_expected, packet.Sequence - PacketStore.Window + 1);
        if (packet.Sequence >= _expected) _packets.Add(packet, payload);
    }

    private void Discard(in PacketStore.Packet packet)
    {
        _counters.Discarded++;
        Remove(packet);
    }

    private void Remove(in PacketStore.Packet packet)
    {
        if (_isPlaying) _counters.Lost += packet.Sequence - _expected;
        _packets.Remove(packet);
        _expected = packet.Sequence + 1;
    }

    // One step towards the next frame: Audio or Concealed, some samples more; Nothing: a pause for now.
    private Heard Fill(int frame, long now)
    {
        while (_packets.TryFirst(_expected, out var packet))
        {
            var wait = ToMicroseconds(packet.Timestamp) + _estimator.Fastest + _estimator.Target - now;
            if (packet.Kind != PacketKind.Audio)
            {
                Rest(packet);
                continue;
            }

            if (_estimator.Target - wait > MaxDelay && _packets.Count > 1)
            {
                Discard(packet);
                _next = Math.Max(_next, packet.Timestamp + FromSamples(_duration));
                continue;
            }

            if (!_isPlaying || _isPause || (packet.Marker && packet.Sequence == _expected && wait > 0))
            {
                if (wait > Tolerance) return Heard.Nothing;
                (_isPlaying, _isPause, _next, _owed) = (true, false, packet.Timestamp, 0);
            }

            if (Missing(packet) is var missing && missing <= Tolerance) return Play(packet);
            if (packet.Sequence == _expected || missing > LongGap) _isPause = true; // it was silent (DTX), or nothing that is made up would be alike
            else return ConcealBefore(packet, missing);
        }

        return _isPlaying && !_isPause ? ConcealWhileWaiting(frame) : Heard.Nothing;
    }

    private void Rest(in PacketStore.Packet packet)
    {
        if (packet.Kind == PacketKind.ComfortNoise)
        {
            _noise.Set(_packets.Payload(packet));
            (_isPause, _hasNoise) = (true, true);
        }

        Remove(packet);
    }

    // µs between what was decoded last and this packet, without what was made up for it already
    private long Missing(in PacketStore.Packet packet)
    {
        var missing = ToMicroseconds(packet.Timestamp) - ToMicroseconds(_next);
        return missing <= 0 ? missing : missing - Math.Min(missing, _owed);
    }

    private Heard Play(in PacketStore.Packet packet)
    {
        var count = _decoder.Decode(_packets.Payload(packet), _samples.AsSpan(_count));
        if (count > 0) _duration = count;
        else
        {
            _counters.Undecodable++;
            count = Conceal(_duration, []);
        }

        Remove(packet);
        _count += count;
        (_next, _owed, _hasNoise) = (packet.Timestamp + FromSamples(count), 0, false);
        return Heard.Audio;
    }

    // packet by packet; the one right before this one may be in it
    private Heard ConcealBefore(in PacketStore.Packet packet, long missing)
    {
        var samples = (int)(missing * _codec.SampleRate / 1_000_000);
        var isLast = samples <= _duration;
        var count = Conceal(isLast ? samples : Math.Min(_duration, samples - _duration), isLast ? _packets.Payload(packet) : []);
        _count += count;
        _next += FromSamples(count) + (_owed * _codec.RtpClock / 1_000_000);
        _owed = 0;
        return Heard.Concealed;
    }

    private Heard ConcealWhileWaiting(int frame)
    {
        _count += Conceal(frame, []);
        _owed += frame * 1_000_000L / _codec.SampleRate;
        if (_owed >= FadedOut) _isPause = true;
        return Heard.Concealed;
    }

    private int Conceal(int count, ReadOnlySpan<byte> next)
    {
        count = Math.Clamp(count, _codec.SampleRate / 100, _samples.Length - _count);
        _counters.Concealed += count;
        return _decoder.Conceal(_samples.AsSpan(_count, count), next);
    }

    // a little more or less of what is about to be heard
    private void Adapt(int frame, long now)
    {
        Delay = now - ToMicroseconds(_next - FromSamples(_count)) - _estimator.Fastest;
        var error = Delay - _estimator.Target;
        _tooLong = error > Slack ? _tooLong + 1 : 0;
        if (++_sinceChange < ChangeEvery || Math.Abs(error) <= Slack || (error > 0 && _tooLong < ShrinkAfter)) return;

        var (min, max) = (_codec.SampleRate / 400, _codec.SampleRate * 3 / 200); // 2.5 and 15 ms
        if (error > 0)
        {
            while (_count < frame + max && _packets.TryFirst(_expected, out var packet) && packet.Kind == PacketKind.Audio && Missing(packet) <= Tolerance) Play(packet);
            max = Math.Min(max, _count - frame);
        }

        var period = TimeStretch.FindPeriod(_samples.AsSpan(0, _count), min, Math.Min(max, (int)(Math.Abs(error) * _codec.SampleRate / 1_000_000)), alike: 0.8);
        if (period == 0) return;
        _sinceChange = 0;
        if (error > 0)
        {
            _count = TimeStretch.Shorten(_samples.AsSpan(0, _count), period);
            _counters.Removed += period;
        }
        else
        {
            _count = TimeStretch.Lengthen(_samples, _count, period);
            _counters.Added += period;
        }
    }

    private long Microseconds(long stamp) => (long)(stamp * _microsecondsPerStamp);

    private long ToMicroseconds(long timestamp) => timestamp * 1_000_000 / _codec.RtpClock;

    private long FromSamples(int samples) => (long)samples * _codec.RtpClock / _codec.SampleRate;
}
