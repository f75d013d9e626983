using System.Collections.Immutable;
using Telephony.Media.Audio;
using Telephony.Media.Sdp;

namespace Telephony.Media.Relay;

/// <summary>Who hears whom, and through which feeder. A listener's old feeder is taken away, all threads pass by, and then the new one is attached: no packet path locks.</summary>
/// <param name="threads">All that work on legs.</param>
/// <param name="engine">Feeds legs whose sources must be decoded.</param>
internal sealed class Topology(LegTable legs, IReadOnlyList<IQuiescent> threads, AudioEngine engine)
{
    /// <summary>See <see cref="IMediaNode.Connect"/>. In force when the task has ended.</summary>
    public async ValueTask<MediaError> Connect(long epoch, ImmutableArray<MediaPath> paths)
    {
        Task changed;
        lock (legs.Lock)
        {
            var stated = new Dictionary<string, MediaLeg>(StringComparer.Ordinal);
            foreach (var name in paths.SelectMany(p => (string[])[p.From, p.To]))
            {
                if (!legs.TryFind(name, out var leg)) return MediaError.UnknownLeg;
                stated[name] = leg;
            }

            if (!TryEnter(stated.Values, epoch)) return MediaError.StaleEpoch;

            var touched = stated.Values.Concat(stated.Values.SelectMany(l => l.HeardBy)).ToHashSet();
            foreach (var leg in touched)
            {
                var heard = stated.ContainsKey(leg.Name)
                    ? paths.Where(p => p.To == leg.Name).Select(p => stated[p.From]).Distinct()
                    : leg.Hears.Where(h => !stated.ContainsKey(h.Name));
                SetHeard(leg, [.. heard]);
                if (stated.ContainsKey(leg.Name)) leg.Gains = GainsOf(paths, leg.Name);
            }

            changed = Feed(touched);
        }

        await changed.ConfigureAwait(false);
        return MediaError.None;
    }

    /// <summary>What the leg agreed on has changed: its feeder and those of its listeners are chosen anew. In force when the task has ended.</summary>
    public Task Replan(MediaLeg leg)
    {
        Task changed;
        lock (legs.Lock) changed = Feed([leg, .. leg.HeardBy]);
        if (leg.TakeRetired() is { Count: > 0 } retired) _ = DisposeLater(retired);
        return changed;
    }

    /// <summary>What these legs are to hear, or how, has changed apart from who hears whom. In force when the task has ended. Under the node's lock.</summary>
    public Task Refeed(IEnumerable<MediaLeg> legs) => Feed([.. legs.SelectMany(l => l.HeardBy.Prepend(l)).Distinct()]);

    /// <summary>Who is sent packets in a format that it lacks gets them decoded from now on. Under the node's lock.</summary>
    public void DecodeOutgrown()
    {
        List<MediaLeg>? listeners = null;
        foreach (var leg in legs.Legs)
        {
            if (leg.Feeder is not MediaRoute { IsOutgrown: true } route) continue;
            leg.Outgrown = route;
            (listeners ??= []).Add(leg);
        }

        if (listeners is not null) _ = Feed(listeners);
    }

    /// <summary>The leg is going: nobody hears it and it hears nobody. Its threads may still be using it until they have passed by. Under the node's lock.</summary>
    public void Disconnect(MediaLeg leg)
    {
        leg.IsGone = true;
        var listeners = leg.HeardBy.ToArray();
        foreach (var listener in listeners) SetHeard(listener, [.. listener.Hears.Where(h => h != leg)]);
        SetHeard(leg, []);
        _ = Feed([leg, .. listeners]);
    }

    /// <summary>Ends when no thread uses any more what was taken away before.</summary>
    public Task Quiesce()
    {
        var quiescence = new Quiescence(threads.Count);
        foreach (var thread in threads) thread.Post(quiescence);
        return quiescence.Passed;
    }

    private static bool TryEnter(IReadOnlyCollection<MediaLeg> stated, long epoch)
    {
        foreach (var leg in stated)
        {
            lock (leg.Lock)
            {
                if (epoch < leg.Epoch) return false;
            }
        }

        foreach (var leg in stated)
        {
            lock (leg.Lock) leg.TryEnter(epoch);
        }

        return true;
    }

    private static ImmutableDictionary<string, float> GainsOf(ImmutableArray<MediaPath> paths, string listener) =>
        paths.Where(p => p.To == listener && p.Gain != 1).DistinctBy(p => p.From).ToImmutableDictionary(p => p.From, p => Math.Clamp(p.Gain, 0, 8));

    private static void SetHeard(MediaLeg leg, ImmutableArray<MediaLeg> heard)
    {
        foreach (var old in leg.Hears) old.HeardBy.Remove(leg);
        leg.Hears = heard;
        foreach (var source in heard) source.HeardBy.Add(leg);
    }

    // under the lock; only who had a feeder before must wait for the threads
    private Task Feed(IReadOnlyCollection<MediaLeg> listeners)
    {
        List<MediaLeg>? waiting = null;
        var changed = new List<MediaLeg>();
        foreach (var listener in listeners)
        {
            var wanted = Choose(listener);
            if (Equals(wanted, listener.Wanted)) continue;
            listener.Wanted = wanted;
            changed.Add(listener);
        }

        engine.Update(listeners);
        if (engine.TakeRetired() is { Count: > 0 } retired) _ = DisposeLater(retired);
        foreach (var listener in changed)
        {
            if (listener.Feeder is null && listener.FeederChanges == 0)
            {
                Attach(listener);
                continue;
            }

            listener.Feeder?.Detach();
            listener.Feeder = null;
            listener.FeederChanges++;
            (waiting ??= []).Add(listener);
        }

        return waiting is null ? Task.CompletedTask : AttachLater(waiting);
    }

    private async Task AttachLater(List<MediaLeg> listeners)
    {
        await Quiesce().ConfigureAwait(false);
        lock (legs.Lock)
        {
            foreach (var listener in listeners)
            {
                if (--listener.FeederChanges == 0) Attach(listener); // else a later change waits as well, and attaches
            }
        }
    }

    private async Task DisposeLater(IReadOnlyList<IDisposable> retired)
    {
        await Quiesce().ConfigureAwait(false);
        foreach (var old in retired) old.Dispose();
    }

    private static void Attach(MediaLeg listener)
    {
        listener.Feeder = listener.Wanted;
        listener.Feeder?.Attach();
    }

    private IFeeder? Choose(MediaLeg listener)
    {
        if (listener.IsGone || listener.Agreement is { Direction: MediaDirection.SendOnly or MediaDirection.Inactive }) return null; // RFC 3264 §5.1
        return listener.Hears is [var source] && AudioEngine.MayRelay(source, listener) && RelayPlan.TryMake(source.Agreement, listener.Agreement) is { } plan
            && new MediaRoute(source, listener, plan) is var route && !route.Equals(listener.Outgrown)
            ? route
            : engine.Decode(listener);
    }
}
