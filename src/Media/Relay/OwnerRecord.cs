using System.Collections.Immutable;

namespace Telephony.Media.Relay;

/// <summary>What a node keeps of an owner: when it was last heard of, and the events that it has not yet taken. The node's lock guards it.</summary>
internal sealed class OwnerRecord(string name)
{
    /// <summary>Of what happens, older events are dropped; samples of quality, of which there are more, are not taken any more.</summary>
    public const int MaxEvents = 1000, MaxQuality = 5000;

    private readonly Queue<MediaEvent> _events = new();
    private int _quality;
    private long _last;
    private TaskCompletionSource? _next;

    public string Name { get; } = name;

    /// <summary>The newest epoch heard; a renewal with an older one is nobody's.</summary>
    public long Epoch { get; private set; }

    /// <summary>Timestamps.</summary>
    public long RenewedAt { get; set; }

    /// <summary>When the newest epoch was first heard: a leg that it does not adopt within a lease is nobody's.</summary>
    public long EpochBegan { get; private set; }

    public long HeardAt { get; set; }

    public int Legs { get; set; }

    /// <summary>Takes note of an epoch.</summary>
    public void Heard(long epoch, long now)
    {
        if (epoch > Epoch) (Epoch, EpochBegan) = (epoch, now);
        HeardAt = now;
    }

    public void Add(MediaLeg leg, MediaEventKind kind, DateTimeOffset at) => Add(new MediaEvent(0, leg.Name, leg.Call, kind, at));

    /// <param name="told">Its number is given here.</param>
    public void Add(MediaEvent told)
    {
        var isQuality = told.Kind == MediaEventKind.Quality;
        if (isQuality && _quality == MaxQuality) return;
        while (!isQuality && _events.Count - _quality == MaxEvents) Forget();
        if (isQuality) _quality++;
        _events.Enqueue(told with { Number = ++_last });
        Wake();
    }

    /// <summary>Ends when the next event is added, or <see cref="Wake"/> is called.</summary>
    public Task Next => (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Wake()
    {
        _next?.SetResult();
        _next = null;
    }

    /// <summary>See <see cref="IMediaNode.ReadEvents"/>. A number above all of ours comes from before this node's start: reading begins anew.</summary>
    public ImmutableArray<MediaEvent> Read(long from, int limit)
    {
        if (from <= _last + 1)
        {
            while (_events.TryPeek(out var oldest) && oldest.Number < from) Forget();
        }

        return [.. _events.Take(limit)];
    }

    private void Forget()
    {
        if (_events.Dequeue().Kind == MediaEventKind.Quality) _quality--;
    }
}
