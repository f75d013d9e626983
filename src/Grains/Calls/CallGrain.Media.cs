using System.Collections.Immutable;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

// What the media node notices by itself.
internal sealed partial class CallGrain
{
    private const int MaxKeys = 1000;
    private static readonly TimeSpan MoveWithin = TimeSpan.FromSeconds(15), MoveAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, DateTimeOffset> _measured = []; // by leg, the last series
    private Silence _silence = Silence.None;
    private int _silenceAt; // how often the parties had described themselves by then
    private int _keys;
    private DateTimeOffset? _moveUntil; // the media are gone, and another node is looked for

    public async Task MediaNoticed(string node, int leg, MediaEvent noticed)
    {
        if (_call.Status is not (CallStatus.Ringing or CallStatus.Talking) || node != _sip.MediaNode || _call.Find(leg) is not { Status: not LegStatus.Ended }) return;

        switch (noticed.Kind)
        {
            case MediaEventKind.Quality when noticed.Quality is { } quality && IsNew(leg, quality): await Raise(new QualityMeasured(leg, LegQualitySeries.Of(quality))); break;
            case MediaEventKind.DtmfPressed when noticed.Digit is { } digit: await Pressed(leg, digit, noticed.Duration); break;
            case MediaEventKind.Silent: await FellSilent(leg, noticed.At); break;
            case MediaEventKind.SoundAgain: _silence = _silence.Without(leg); break;
            case MediaEventKind.LeaseExpired: await Raise(new CallBroke(503, "media_lost")); break;
            case MediaEventKind.TransportFailed: await TransportFailed(leg); break;
        }

        WatchSessions();
    }

    public async Task MediaNodeLost(string node)
    {
        if (_call.Status is CallStatus.New or CallStatus.Ended || node != _sip.MediaNode || _moveUntil is not null || await _sip.AdoptMedia(_call.Live) is MediaError.None) return;

        await Raise(new MediaGone());
    }

    private void StartToMove()
    {
        _moveUntil = services.Clock.GetUtcNow() + MoveWithin;
        TryToMove(TimeSpan.Zero);
    }

    private void TryToMove(TimeSpan later) => this.RegisterGrainTimer(_ => Move(), new() { DueTime = later, Period = Timeout.InfiniteTimeSpan });

    /// <summary>Looks for another node until one takes the legs; a node that was lost may be back in seconds.</summary>
    private async Task Move()
    {
        if (_call.Status != CallStatus.Talking || _moveUntil is not { } until) return;

        if (_renegotiation.Change is { } change) await _renegotiation.GiveUp(change);
        var error = await _sip.MoveMedia(_call.Live);
        Log.MediaMoved(log, _id, _sip.MediaNode, error);
        if (error is MediaError.NodeAway && services.Clock.GetUtcNow() < until)
        {
            TryToMove(MoveAgain);
            return;
        }

        _moveUntil = null;
        if (error is not MediaError.None)
        {
            await Raise(new CallBroke(503, "media_lost"));
            return;
        }

        _silence = Silence.None;
        foreach (var leg in Answered) _refresh.Move(leg);
        await SaveSnapshot();
        await SessionDue();
    }

    private async ValueTask Pressed(int leg, char digit, TimeSpan? duration)
    {
        if (++_keys > MaxKeys) return;

        await Raise(new KeyPressed(leg, services.KeepsDigits ? digit : null, duration is { } length ? (int)Math.Min(length.TotalMilliseconds, int.MaxValue) : null));
    }

    /// <summary>A key that was told by INFO goes to the other party by its own method, as RFC 4733 has it or as a tone; a flash of the hook, and what can't be sent so, as it came.</summary>
    private async ValueTask<bool> PassedKey(int leg, SipRequestReceived input)
    {
        if (Dtmf.Of(input.Request) is not { Digit: not '!' } key) return false;

        await Pressed(leg, key.Digit, key.Duration);
        if (await _sip.SendDtmf(Other(leg), input.Transaction, key) is not MediaError.None) return false;

        _sip.Respond(leg, input, 200);
        return true;
    }

    private async ValueTask FellSilent(int leg, DateTimeOffset at)
    {
        if (_silenceAt != _sip.Descriptions) (_silence, _silenceAt) = (Silence.None, _sip.Descriptions); // held or resumed: the node listens anew

        _silence = _silence.With(leg, at);
        if (await EndedBySilence() || _call.Status != CallStatus.Talking) return;

        _refresh.Probe(leg);
        await SessionDue();
    }

    private async ValueTask<bool> EndedBySilence()
    {
        if (_silenceAt != _sip.Descriptions || !_silence.IsDead(Answered, services.Clock.GetUtcNow(), services.SilentPartyTimeout)) return false;

        await Raise(new CallBroke(408, "media_timeout"));
        return true;
    }

    private IEnumerable<int> Answered => _call.Live.Where(leg => leg.Status == LegStatus.Answered).Select(leg => leg.Number);

    /// <summary>A party that does not answer the question that its silence led to was lost by that.</summary>
    private CallInput OfSilence(CallInput lost) => lost is PartyLost { Reason: "timeout" } party && _silence.Since.ContainsKey(party.Leg) ? party with { Reason = "media_timeout" } : lost;

    private async ValueTask TransportFailed(int leg)
    {
        if (_call.Waiting.Any(waiting => waiting.Number == leg))
        {
            _devices.Cancel(leg);
            await Raise(new LegRefused(leg, 488));
        }
        else
        {
            await Raise(new CallBroke(488, "media_failed"));
        }
    }

    /// <summary>A series that was not told before, as after a restart, and in which there was something.</summary>
    private bool IsNew(int leg, QualitySeries quality)
    {
        if ((_measured.TryGetValue(leg, out var last) && quality.From <= last) || quality.Samples.All(sample => sample.ReceivedPackets == 0 && sample.SentPackets == 0)) return false;

        _measured[leg] = quality.From;
        return true;
    }

    /// <summary>Frees the ports of the legs that end, and writes down what went through them, and how.</summary>
    private async ValueTask<ImmutableArray<CallEvent>> WithMedia(ImmutableArray<CallEvent> events)
    {
        if (!events.Any(e => e is LegEnded)) return events;

        var result = ImmutableArray.CreateBuilder<CallEvent>(events.Length);
        foreach (var e in events)
        {
            if (e is not LegEnded ended)
            {
                result.Add(e);
                continue;
            }

            var used = await _sip.ReleaseMedia(ended.Leg);
            if (used?.Quality is { } rest && IsNew(ended.Leg, rest)) result.Add(new QualitySampled(ended.Leg, LegQualitySeries.Of(rest), e.At));
            result.Add(ended with { Media = used is null ? null : new(used.PacketsReceived, used.BytesReceived, used.PacketsSent, used.BytesSent) });
        }

        return result.ToImmutable();
    }
}
