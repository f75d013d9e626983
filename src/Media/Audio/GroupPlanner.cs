using Telephony.Media.Codecs;
using Telephony.Media.Dsp;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media.Audio;

/// <summary>Makes the plan of legs that belong together. What can go on (inputs, encoders, converters, gains) is taken over from the plan before. Under the node's lock.</summary>
internal sealed class GroupPlanner(long frequency)
{
    private static readonly int[] Rates = [8000, 16_000, 48_000];

    public GroupPlan Make(IReadOnlyCollection<AudioParty> parties, IReadOnlyCollection<RoomRecord> rooms, IReadOnlyCollection<PlayRecord> plays, IReadOnlyCollection<TapRecord> taps)
    {
        var heard = parties.Where(p => p.Media.Wanted is AudioFeeder || p.Taps > 0).SelectMany(p => p.Media.Hears).ToHashSet();
        foreach (var party in parties) SetInput(party, heard.Contains(party.Media));
        var rate = RateOf(parties);
        foreach (var party in parties) party.Seat = MakeSeat(party, rate);

        foreach (var party in parties)
        {
            party.Seat!.Hears = party.Media.Wanted is AudioFeeder || party.Taps > 0 ? [.. party.Media.Hears.Where(h => h.Audio?.Seat is not null).Select(h => Input(party, h))] : [];
            party.Seat.Plays = [.. plays.Where(p => p.Leg == party && !p.Play.IsOver).Select(p => p.SeatFor(rate))];
        }

        return new GroupPlan(rate, [.. parties.Select(p => p.Seat!)], [.. rooms.Select(r => MakeRoom(r, rate, plays))], [.. taps.Select(MakeTap)]);

        TapSeat MakeTap(TapRecord tap)
        {
            var (toTap, fromMix) = (new Resampler?[tap.Parties.Length], new Resampler?[tap.Parties.Length]);
            for (var i = 0; i < tap.Parties.Length; i++)
            {
                toTap[i] = Convert(null, tap.Parties[i].Input?.SampleRate ?? tap.Tap.SampleRate, tap.Tap.SampleRate);
                fromMix[i] = Convert(null, rate, tap.Tap.SampleRate);
            }

            return new TapSeat(tap.Tap, [.. tap.Parties.Select(p => parties.Contains(p) ? p.Seat : null)], toTap, fromMix);
        }
    }

    private void SetInput(AudioParty party, bool isHeard)
    {
        var agreement = party.Media.Agreement;
        var settings = party.Leg.Settings;
        var isNeeded = agreement is not null && (isHeard || party.Rooms.Count > 0 || party.Taps > 0 || settings.DetectTones || settings.ReportTalking);
        if (!isNeeded)
        {
            party.Media.Inbound.Tap = null;
            party.Input = null;
        }
        else if (party.Input is null || !SameFormats(party.Input.Agreement, agreement!))
        {
            var ring = new PacketRing();
            party.Input = new LegInput(ring, agreement!, frequency);
            party.Media.Inbound.Tap = ring;
        }
    }

    private static bool SameFormats(StreamAgreement a, StreamAgreement b) =>
        a.Formats.SequenceEqual(b.Formats) && a.Unanswered.SequenceEqual(b.Unanswered) && a.TelephoneEvents.SequenceEqual(b.TelephoneEvents) && a.ComfortNoise == b.ComfortNoise;

    // the highest that a member uses
    private static int RateOf(IReadOnlyCollection<AudioParty> parties)
    {
        if (!Resampler.IsAvailable) return parties.Select(p => p.Input?.SampleRate ?? 0).DefaultIfEmpty(8000).Max() is var only and > 0 ? only : 8000;
        var highest = parties.Max(p => Math.Max(p.Input?.SampleRate ?? 0, p.Media.Wanted is AudioFeeder && p.Media.Agreement is { } agreed ? agreed.Formats[0].Codec?.SampleRate ?? 0 : 0));
        return Array.Find(Rates, r => r >= highest) is > 0 and var rate ? rate : Rates[^1];
    }

    private static Seat MakeSeat(AudioParty party, int rate)
    {
        var (old, agreement) = (party.Seat, party.Media.Agreement);
        var key = party.Media.Wanted is AudioFeeder ? EncoderKey.Of(agreement, rate) : null;
        var isPossible = key is not null && AudioCodecs.IsAvailable(key.Codec) && (key.Codec.SampleRate == rate || Resampler.IsAvailable);
        var encoder = !isPossible ? null : key == party.EncoderKey && old?.Encoder is { } before ? before : key!.Make();
        party.EncoderKey = isPossible ? key : null;
        return new Seat
        {
            Leg = party.Leg,
            Input = party.Input,
            Convert = party.Input is { } input ? Convert(old?.Convert, input.SampleRate, rate) : null,
            Encoder = encoder,
            Format = isPossible ? FormatOf(agreement!, party.Leg.Settings.Dtmf) : null,
            IsTapped = party.Taps > 0,
        };
    }

    private static LegFormat FormatOf(StreamAgreement agreement, DtmfMode dtmf)
    {
        var format = agreement.Formats[0];
        return new LegFormat(format.SendPayloadType, format.Clock, agreement.TelephoneEvents.FirstOrDefault(e => e.Clock == format.Clock)?.SendPayloadType, dtmf);
    }

    private static MixInput Input(AudioParty listener, MediaLeg from)
    {
        var gain = listener.Media.Gains.GetValueOrDefault(from.Name, 1);
        if (!listener.Ramps.TryGetValue(from, out var ramp)) listener.Ramps[from] = ramp = new GainRamp { Gain = gain };
        return new MixInput(from.Audio!.Seat!, gain, ramp);
    }

    private static RoomPlan MakeRoom(RoomRecord room, int rate, IReadOnlyCollection<PlayRecord> plays)
    {
        foreach (var key in room.Encoders.Keys.Where(k => k.SampleRate != rate).ToArray()) room.Encoders.Remove(key);
        var seats = room.Members.Select(p => new RoomSeat(room.Room, p.Rooms[room.Name], p.Seat!, p.Seat!.Encoder is null ? null : Shared(p.EncoderKey!))).ToArray();
        foreach (var seat in seats)
        {
            if (seat.Member.Part.Hears) seat.Seat.Rooms = [.. seat.Seat.Rooms, seat];
        }

        return new RoomPlan(room.Room, seats, [.. plays.Where(p => p.Room == room && !p.Play.IsOver).Select(p => p.SeatFor(rate))]);

        SharedEncoder Shared(EncoderKey key) => room.Encoders.TryGetValue(key, out var shared) ? shared : room.Encoders[key] = new SharedEncoder(key.Make());
    }

    private static Resampler? Convert(Resampler? old, int from, int to) =>
        from == to || !Resampler.IsAvailable ? null : old is not null && old.FromRate == from && old.ToRate == to ? old : new Resampler(from, to);
}
