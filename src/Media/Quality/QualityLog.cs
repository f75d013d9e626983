using System.Collections.Immutable;

namespace Telephony.Media.Quality;

/// <summary>The seconds of a leg that nobody was told of yet: at most a minute and a little, the oldest go first. The packet thread writes, one thread at a time reads.</summary>
internal sealed class QualityLog
{
    /// <summary>When so many are there, it is time to tell.</summary>
    public const int Minute = 60;

    private const int Capacity = 64;

    private readonly QualitySample[] _samples = new QualitySample[Capacity];
    private long _written, _read;

    public int Count => (int)Math.Min(Volatile.Read(ref _written) - _read, Capacity);

    /// <summary>On the packet thread.</summary>
    public void Add(in QualitySample sample)
    {
        _samples[_written % Capacity] = sample;
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
        for (var i = written - count; i < written; i++) samples.Add(_samples[i % Capacity]);
        _read = written;
        return new QualitySeries(now - TimeSpan.FromSeconds(count), samples.MoveToImmutable());
    }
}
