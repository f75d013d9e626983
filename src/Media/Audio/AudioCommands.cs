using System.Collections.Immutable;
using Telephony.Media.Relay;
using Telephony.Media.Sounds;

namespace Telephony.Media.Audio;

/// <summary>The commands about audio: rooms, plays, digits, taps. From any thread; they work under the node's lock.</summary>
internal sealed class AudioCommands : IAudioTaps
{
    private const int MaxSources = 100, MaxPlays = 20_000, MaxRoomsOfALeg = 8;
    private static readonly TimeSpan MinDigit = TimeSpan.FromMilliseconds(40), MaxDigit = TimeSpan.FromSeconds(8);

    private readonly LegTable _legs;
    private readonly Topology _topology;
    private readonly AudioEngine _engine;
    private readonly SoundLibrary _sources;
    private readonly AudioEvents _events;
    private readonly TimeProvider _time;

    public AudioCommands(LegTable legs, Topology topology, AudioEngine engine, SoundLibrary sources, AudioEvents events, TimeProvider time)
    {
        (_legs, _topology, _engine, _sources, _events, _time) = (legs, topology, engine, sources, events, time);
        _ = Task.Run(TellAll);
    }

    public ValueTask<MediaError> Join(string leg, long epoch, string room, RoomPart part)
    {
        LegTable.CheckName(room);
        part = part with { Gain = Gain(part.Gain) };
        return Change(leg, epoch, party =>
        {
            if (party.Rooms.TryGetValue(room, out var member))
            {
                var isSame = member.Part.Hears == part.Hears;
                member.Part = part;
                return isSame ? null : [party.Media];
            }

            if (party.Rooms.Count == MaxRoomsOfALeg) return null;
            if (!_engine.Rooms.TryGetValue(room, out var record)) _engine.Rooms[room] = record = new RoomRecord(room);
            record.Members.Add(party);
            party.Rooms[room] = new RoomMember(part);
            return [party.Media];
        });
    }

    public ValueTask<MediaError> Leave(string leg, long epoch, string room) => Change(leg, epoch, party => Leave(party, room) ? [party.Media] : null);

    public ValueTask<MediaError> SetAudio(string leg, long epoch, LegAudio audio) => Change(leg, epoch, party =>
    {
        party.Leg.Settings = audio with { Gain = Gain(audio.Gain) };
        return [party.Media];
    });

    public ValueTask<MediaError> SendDtmf(string leg, long epoch, string command, string digits, TimeSpan length)
    {
        if (digits.Length is 0 or > DtmfQueue.MaxDigits || digits.Any(d => d != ',' && Dtmf.IndexOf(d) < 0)) return new(MediaError.Refused);
        var ticks = (int)((length < MinDigit ? MinDigit : length > MaxDigit ? MaxDigit : length) / TimeSpan.FromMilliseconds(AudioFrame.Milliseconds));
        var isFull = false;
        return Change(leg, epoch, party =>
        {
            isFull = !party.Leg.Digits.TryAdd(new DtmfCommand(command, digits, ticks));
            party.IsSending |= !isFull;
            return isFull ? null : [party.Media];
        }, () => isFull ? MediaError.Refused : MediaError.None);
    }

    public async ValueTask<MediaError> Play(string play, long epoch, MediaPlay what)
    {
        LegTable.CheckName(play);
        if (what.Sources.Length is 0 or > MaxSources || what.Repeat < 0) return MediaError.Refused;
        lock (_legs.Lock)
        {
            if (_engine.Plays.ContainsKey(play)) return MediaError.None;
            if (_engine.Plays.Count >= MaxPlays) return MediaError.Refused;
            if (CheckTarget(what.Target, epoch) is var error and not MediaError.None) return error;
        }

        var opened = new List<IAudioSource>();
        foreach (var source in what.Sources)
        {
            if (await _sources.Open(source).ConfigureAwait(false) is { } found) opened.Add(found);
            else Fail(what.Target, $"{play}: there is no {source.Kind} {source.Name}");
        }

        if (opened.Count == 0) return MediaError.None; // told as failed

        Task changed;
        lock (_legs.Lock)
        {
            if (_engine.Plays.ContainsKey(play) || CheckTarget(what.Target, epoch) is not MediaError.None)
            {
                foreach (var source in opened) source.Dispose();
                return MediaError.None;
            }

            var party = _legs.TryFind(what.Target, out var leg) ? _engine.PartyOf(leg) : null;
            var room = party is null ? _engine.Rooms[what.Target] : null;
            var playback = new Playback(play, party?.Leg.Name, [.. opened], what.Repeat, what.Mode, _events);
            _engine.Plays[play] = new PlayRecord(play, playback, party, room);
            if (party is not null) party.Plays++;
            changed = _topology.Refeed(party is not null ? [party.Media] : room!.Members.Select(m => m.Media));
        }

        await changed.ConfigureAwait(false);
        return MediaError.None;
    }

    public async ValueTask<MediaError> StopPlay(string play, long epoch)
    {
        Task changed;
        lock (_legs.Lock)
        {
            if (!_engine.Plays.TryGetValue(play, out var record)) return MediaError.None;
            if (CheckTarget(record.Leg?.Leg.Name ?? record.Room!.Name, epoch) is MediaError.StaleEpoch) return MediaError.StaleEpoch;
            Tell(new AudioEvent(record.Leg?.Leg.Name, MediaEventKind.PlayFinished, play, null, record.Play.Played));
            changed = Take(record);
        }

        await changed.ConfigureAwait(false);
        return MediaError.None;
    }

    public async ValueTask<MediaError> Tap(string name, ImmutableArray<string> legs, IAudioTap tap)
    {
        Task changed;
        lock (_legs.Lock)
        {
            if (_engine.Taps.ContainsKey(name)) throw new InvalidOperationException($"There is a tap {name}.");
            var found = new List<AudioParty>();
            foreach (var leg in legs)
            {
                if (!_legs.TryFind(leg, out var media)) return MediaError.UnknownLeg;
                found.Add(_engine.PartyOf(media));
            }

            foreach (var party in found) party.Taps++;
            _engine.Taps[name] = new TapRecord(tap, [.. found]);
            changed = _topology.Refeed(found.Select(p => p.Media));
        }

        await changed.ConfigureAwait(false);
        return MediaError.None;
    }

    public async ValueTask Untap(string name)
    {
        lock (_legs.Lock)
        {
            if (!_engine.Taps.Remove(name, out var record)) return;
            foreach (var party in record.Parties) party.Taps--;
            _ = _topology.Refeed(record.Parties.Select(p => p.Media));
        }

        await _topology.Quiesce().ConfigureAwait(false);
    }

    /// <summary>The leg is going. Under the node's lock; <see cref="Topology.Disconnect"/> is to follow.</summary>
    public void Remove(MediaLeg leg)
    {
        if (leg.Audio is not { } party) return;
        foreach (var room in party.Rooms.Keys.ToArray()) Leave(party, room);
        foreach (var play in _engine.Plays.Values.Where(p => p.Leg == party).ToArray()) _ = Take(play, isGoing: true);
    }

    /// <summary>Each second, under the node's lock: who was sent digits and has them all may be relayed again.</summary>
    public void Settle()
    {
        var done = new List<MediaLeg>();
        foreach (var leg in _legs.Legs)
        {
            if (leg.Audio is not { IsSending: true } party || party.Leg.Digits.IsBusy) continue;
            party.IsSending = false;
            done.Add(leg);
        }

        if (done.Count > 0) _ = _topology.Refeed(done);
    }

    private static float Gain(float wanted) => float.IsNaN(wanted) ? 1 : Math.Clamp(wanted, 0, 8);

    private async ValueTask<MediaError> Change(string leg, long epoch, Func<AudioParty, IEnumerable<MediaLeg>?> change, Func<MediaError>? result = null)
    {
        Task changed;
        lock (_legs.Lock)
        {
            if (!_legs.TryFind(leg, out var found)) return MediaError.UnknownLeg;
            lock (found.Lock)
            {
                if (!found.TryEnter(epoch)) return MediaError.StaleEpoch;
            }

            changed = change(_engine.PartyOf(found)) is { } legs ? _topology.Refeed(legs) : Task.CompletedTask;
        }

        await changed.ConfigureAwait(false);
        return result?.Invoke() ?? MediaError.None;
    }

    private bool Leave(AudioParty party, string room)
    {
        if (!party.Rooms.Remove(room)) return false;
        var record = _engine.Rooms[room];
        record.Members.Remove(party);
        if (record.Members.Count > 0) return true;
        _engine.Rooms.Remove(room);
        foreach (var play in _engine.Plays.Values.Where(p => p.Room == record).ToArray()) _ = Take(play, isGoing: true);
        return true;
    }

    // a room's owner is that of any who is in it
    private MediaError CheckTarget(string target, long epoch)
    {
        var leg = _legs.TryFind(target, out var found) ? found : _engine.Rooms.TryGetValue(target, out var room) ? room.Members[0].Media : null;
        if (leg is null) return MediaError.UnknownLeg;
        lock (leg.Lock) return epoch < leg.Epoch ? MediaError.StaleEpoch : MediaError.None;
    }

    private Task Take(PlayRecord record, bool isGoing = false)
    {
        _engine.Plays.Remove(record.Name);
        if (record.Leg is { } party) party.Plays--;
        var changed = isGoing ? Task.CompletedTask : _topology.Refeed(record.Leg is { } leg ? [leg.Media] : record.Room!.Members.Select(m => m.Media));
        _ = DisposeLater(record.Play);
        return changed;
    }

    private async Task DisposeLater(Playback play)
    {
        await _topology.Quiesce().ConfigureAwait(false);
        play.Dispose();
    }

    private void Fail(string target, string why)
    {
        lock (_legs.Lock) Tell(new AudioEvent(_legs.TryFind(target, out _) ? target : null, MediaEventKind.PlayFailed, why, null, null), target);
    }

    private async Task TellAll()
    {
        await foreach (var raised in _events.Raised.ReadAllAsync().ConfigureAwait(false))
        {
            lock (_legs.Lock)
            {
                var play = raised.Kind == MediaEventKind.PlayFinished && raised.Subject is { } name ? _engine.Plays.GetValueOrDefault(name) : null;
                if (raised.Kind == MediaEventKind.PlayFinished && play is null) continue; // stopped meanwhile, and told then
                Tell(raised, play?.Room?.Name);
                if (play is not null) _ = Take(play);
            }
        }
    }

    // under the lock
    private void Tell(AudioEvent told, string? room = null)
    {
        var subjects = told.Subject is { } name && room is null ? _engine.Plays.GetValueOrDefault(name)?.Room?.Name : room;
        var leg = told.Leg is { } legName && _legs.TryFind(legName, out var found) ? found
            : subjects is not null && _engine.Rooms.TryGetValue(subjects, out var record) ? record.Members[0].Media : null;
        leg?.Owner.Add(new MediaEvent(0, leg.Name, leg.Call, told.Kind, _time.GetUtcNow()) { Subject = told.Subject, Digit = told.Digit, Duration = told.Duration });
    }
}
