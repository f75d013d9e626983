using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>
/// Which legs are worked on together, and on which thread: those that hear each other, are in a room, or under one tap are a group. All under the node's lock; the audio
/// threads get whole plans.
/// </summary>
internal sealed class AudioEngine(IReadOnlyList<AudioThread> threads, IAudioEvents events, TimeProvider time)
{
    private readonly GroupPlanner _planner = new(time.TimestampFrequency);
    private readonly Dictionary<AudioGroup, (AudioThread Thread, List<AudioParty> Parties)> _groups = [];
    private readonly List<IDisposable> _retired = [];

    public Dictionary<string, RoomRecord> Rooms { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PlayRecord> Plays { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, TapRecord> Taps { get; } = new(StringComparer.Ordinal);

    public AudioParty PartyOf(MediaLeg leg) => leg.Audio ??= new AudioParty(leg, events);

    /// <summary>A feeder for a leg whose sources must be decoded; null: it hears nothing.</summary>
    public IFeeder? Decode(MediaLeg leg) => leg.Hears.IsEmpty && leg.Audio is not { MustMix: true } ? null : leg.Agreement is null ? null : new AudioFeeder(PartyOf(leg));

    /// <summary>Packets may go from one to the other as they are, as far as audio is concerned.</summary>
    public static bool MayRelay(MediaLeg from, MediaLeg to) =>
        from.Audio is not { IsChanged: true } && to.Audio is not { MustMix: true } && to.Hears.Length == 1 && to.Gains.GetValueOrDefault(from.Name, 1) == 1;

    /// <summary>What these legs hear, or how, has changed: their groups' plans are made anew.</summary>
    public void Update(IEnumerable<MediaLeg> changed)
    {
        var left = new HashSet<MediaLeg>(changed);
        foreach (var leg in left.ToArray())
        {
            if (leg.Audio?.Group is { } group) left.UnionWith(_groups[group].Parties.Select(p => p.Media));
        }

        var old = left.Select(l => l.Audio?.Group).OfType<AudioGroup>().ToHashSet();
        var taken = new HashSet<AudioGroup>();
        while (left.Count > 0)
        {
            var component = Flood(left.First());
            left.ExceptWith(component);
            foreach (var also in component.Select(l => l.Audio?.Group).OfType<AudioGroup>()) // what hung on them may hang no longer
            {
                if (old.Add(also)) left.UnionWith(_groups[also].Parties.Select(p => p.Media).Except(component));
            }

            var parties = component.Where(l => !l.IsGone && IsNeeded(l)).Select(PartyOf).ToList();
            foreach (var idle in component.Where(l => l.Audio is not null && !parties.Contains(l.Audio))) Forget(idle.Audio!);
            if (parties.Count > 0) Place(parties, taken);
        }

        foreach (var group in old.Except(taken)) End(group);
    }

    /// <summary>What no plan uses any more, once the threads have passed by and ticked.</summary>
    public IReadOnlyList<IDisposable> TakeRetired()
    {
        var retired = _retired.ToArray();
        _retired.Clear();
        return retired;
    }

    private static bool IsNeeded(MediaLeg leg) =>
        leg.Wanted is AudioFeeder || leg.HeardBy.Exists(l => l.Wanted is AudioFeeder || l.Audio is { Taps: > 0 })
        || leg.Audio is { } party && (party.Rooms.Count > 0 || party.Taps > 0 || party.Leg.Settings is { DetectTones: true } or { ReportTalking: true });

    private HashSet<MediaLeg> Flood(MediaLeg start)
    {
        var found = new HashSet<MediaLeg> { start };
        var next = new Stack<MediaLeg>([start]);
        while (next.TryPop(out var leg))
        {
            if (leg.Wanted is AudioFeeder || leg.Audio is { Taps: > 0 }) Add(leg.Hears);
            Add(leg.HeardBy.Where(l => l.Wanted is AudioFeeder || l.Audio is { Taps: > 0 }));
            if (leg.Audio is not { } party) continue;
            foreach (var room in party.Rooms.Keys) Add(Rooms[room].Members.Select(m => m.Media));
            if (party.Taps > 0) Add(Taps.Values.Where(t => t.Parties.Contains(party)).SelectMany(t => t.Parties).Select(p => p.Media));
        }

        return found;

        void Add(IEnumerable<MediaLeg> legs)
        {
            foreach (var leg in legs)
            {
                if (!leg.IsGone && found.Add(leg)) next.Push(leg);
            }
        }
    }

    private void Place(List<AudioParty> parties, HashSet<AudioGroup> taken)
    {
        var group = parties.Select(p => p.Group).OfType<AudioGroup>().Where(g => !taken.Contains(g)).GroupBy(g => g).MaxBy(g => g.Count())?.Key;
        if (group is null)
        {
            group = new AudioGroup();
            _groups[group] = (threads.MinBy(t => t.Groups)!, parties);
        }

        taken.Add(group);
        var inputs = parties.Select(p => p.Input).ToArray();
        var rooms = parties.SelectMany(p => p.Rooms.Keys).Distinct().Select(r => Rooms[r]).ToArray();
        var plays = Plays.Values.Where(p => p.Leg is { } leg ? parties.Contains(leg) : rooms.Contains(p.Room)).ToArray();
        var taps = Taps.Values.Where(t => t.Parties.Any(parties.Contains)).ToArray();
        foreach (var moved in parties.Where(p => p.Group is { } from && from != group)) _groups[moved.Group!].Parties.Remove(moved);
        group.Plan = _planner.Make(parties, rooms, plays, taps);
        _retired.AddRange(inputs.Where(i => i is not null && parties.All(p => p.Input != i))!);
        var (thread, _) = _groups[group];
        var isNew = parties.All(p => p.Group != group);
        _groups[group] = (thread, parties);
        foreach (var party in parties) party.Group = group;
        if (isNew) thread.Add(group);
    }

    private void Forget(AudioParty party)
    {
        party.Media.Inbound.Tap = null;
        if (party.Input is { } input) _retired.Add(input);
        if (party.Seat?.Encoder is { } encoder) _retired.Add(encoder);
        (party.Input, party.Seat, party.EncoderKey, party.Group) = (null, null, null, null);
    }

    // its thread adopts the empty plan, which lets its legs go, and then takes it off by itself
    private void End(AudioGroup group)
    {
        group.Plan = GroupPlan.Ended;
        _groups.Remove(group);
    }
}
