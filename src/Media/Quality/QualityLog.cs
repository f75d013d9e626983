using System.Collections.Immutable;

namespace Telephony.Media.Quality;

/// <summary>The seconds of a leg that nobody was told of yet: at most a minute and a little, the oldest go first. The packet thread writes, one thread at a time reads.</summary>
internal sealed class QualityLog
{
    /// <summary>When so many are there, it is time to tell.</summary>
    public const int Minute = 60;

    private const int Capacity = 62;

    private Packed[]? _samples; // a leg that only rings has none
    private long _written, _read;

    public int Count => (int)Math.Min(Volatile.Read(ref _written) - _read, Capacity);

    /// <summary>On the packet thread.</summary>
    public void Add(in QualitySample sample)
    {
        (_samples ??= new Packed[Capacity])[_written % Capacity] = new Packed(sample);
        Volatile.Write(ref _written, _written + 1);
    }

    /// <summary>What is there, oldest first; null: nothing. Under the node's lock, or when the packet thread has passed by.</summary>
    /// <param name="now">When the last one ended.</param>
    public QualitySeries? Take(DateTimeOffset now)
    {
        var written = Volatile.Read(ref _written);
        var count = Math.Min(written - _read, Capacity - 1); // one may be being written anew
        if (count == 0) return null;
        var samples = ImmutableArray.CreateBuilder<QualitySample>((int)count);
        for (var i = written - count; i < written; i++) samples.Add(_samples![i % Capacity].Sample);
        _read = written;
        return new QualitySeries(now - TimeSpan.FromSeconds(count), samples.MoveToImmutable());
    }

    // a third of the size: there is a minute of these for each leg
    private readonly struct Packed(in QualitySample sample)
    {
        private const int JitterUnit = 16, RoundTripUnit = 64; // microseconds
        private const int BytesUnit = 4;

        private readonly ushort _receivedBytes = UShort((sample.ReceivedBytes + (BytesUnit / 2)) / BytesUnit), _sentBytes = UShort((sample.SentBytes + (BytesUnit / 2)) / BytesUnit);
        private readonly ushort _roundTrip = UShort(sample.RoundTripMicroseconds / RoundTripUnit);
        private readonly ushort _received = UShort(sample.ReceivedPackets), _sent = UShort(sample.SentPackets);
        private readonly ushort _jitter = UShort(sample.JitterMicroseconds / JitterUnit), _remoteJitter = UShort(sample.RemoteJitterMicroseconds / JitterUnit);
        private readonly short _lost = Short(sample.Lost), _remoteLost = Short(sample.RemoteLost), _mos = sample.MosHundredths;
        private readonly byte _rFactor = sample.RFactor;

        public QualitySample Sample => new(
            _received, _receivedBytes * BytesUnit, _sent, _sentBytes * BytesUnit, _lost, _jitter * JitterUnit, _roundTrip * RoundTripUnit, _rFactor, _mos, _remoteLost,
            _remoteJitter * JitterUnit);

        private static ushort UShort(int value) => (ushort)Math.Clamp(value, 0, ushort.MaxValue);

        private static short Short(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);
    }
}
