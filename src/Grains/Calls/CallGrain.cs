using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Telephony.Events;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Extensions;
using Telephony.Grains.Tenants;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <inheritdoc cref="ICallGrain"/>
/// <remarks>SIP in, <see cref="CallMachine"/> decides, the journal keeps, then <see cref="CallSignalling"/> acts.</remarks>
internal sealed class CallGrain(CallServices services, ILogger<CallGrain> log) : Grain, ICallGrain
{
    /// <summary>How long an ended call stays to answer what is still under way: a little over 64*T1.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(5);

    private bool _calleeKnows; // the callee's extension was told of the call
    private Call _call = Call.None;
    private CallSignalling _sip = null!;
    private DeviceInvites _devices = null!;
    private CallSetup _setup = null!;
    private Renegotiation _renegotiation = null!;
    private SessionRefresh _refresh = null!;
    private IGrainTimer? _sessionTimer;
    private DateTimeOffset? _sessionTimerAt;
    private IGrainTimer? _ringTimer;
    private IGrainTimer? _keepAlive;
    private string _tenant = "";
    private CallId _id;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, var id) = Keys.Split(this.GetPrimaryKeyString());
        if (!CallId.TryParse(id, out _id)) throw new InvalidOperationException($"'{id}' is not a call id.");

        _sip = new CallSignalling(_tenant, _id, services);
        _devices = new DeviceInvites(_sip, services);
        _setup = new CallSetup(_sip, _devices, services);
        _refresh = new SessionRefresh(_sip, services, SaveSnapshot);
        _renegotiation = new Renegotiation(_sip, SaveSnapshot, _refresh.Outdate);
        if (await services.Journal.ReadState(StateKey) is { } data && CallSnapshot.Read(data) is { } snapshot)
        {
            _call = snapshot.Call;
            _sip.Restore(snapshot);
            WatchSessions();
        }
    }

    public async Task Start(IncomingCall incoming)
    {
        if (_call.Status != CallStatus.New) return;

        try
        {
            await Begin(incoming);
        }
        catch (Exception error)
        {
            // Nobody else would answer the caller. Most of all: a journal that is full takes no new calls.
            Log.CallFailed(log, error, _id);
            await Abandon(error is JournalFullException ? 503 : 500);
        }
    }

    /// <summary>Ends a call that could not begin: with its events if it has any and the journal still takes them.</summary>
    private async ValueTask Abandon(int status)
    {
        try
        {
            await Raise(new CallBroke(status, "failed"));
        }
        catch (JournalFullException error)
        {
            Log.CallFailed(log, error, _id);
        }

        if (_call.Status == CallStatus.Ended) return;

        await _setup.Abandon(status);
        DeactivateOnIdle();
    }

    private async ValueTask Begin(IncomingCall incoming)
    {
        _keepAlive = this.RegisterGrainTimer(_ => Task.CompletedTask, new() { DueTime = KeepAlive, Period = KeepAlive, KeepAlive = true });
        var invite = incoming.Invite.Request;
        var dialled = invite.RequestUri.User ?? "";
        var caller = await FindParty(incoming.Extension) ?? new Party(incoming.Extension, null, incoming.Extension);
        var tenant = await services.Configuration.GetTenant(_tenant);
        var mediaError = await _setup.AddCaller(incoming.Invite, tenant?.Domains[0] ?? invite.From.Uri.Host);
        await Raise(new CallArrived(caller, dialled, incoming.Device, invite.CallId));
        if (Broken(mediaError) is { } broken) await Raise(broken);
        else await Route(dialled, caller, incoming.Device);
    }

    public async Task RequestReceived(int leg, SipRequestReceived input)
    {
        if (!_sip.Receive(leg, input)) return;

        var method = input.Request.Method;
        if (method == SipMethod.Bye)
        {
            _sip.Respond(leg, input, 200);
            if (leg == 0 && _setup.HoldsAnswer) await HangUpUnanswered();
            else await Raise(_call.Status is CallStatus.Routing or CallStatus.Ringing && leg == 0 ? new CallerCancelled() : new PartyHungUp(leg));
        }
        else if (method == SipMethod.Options)
        {
            _sip.Respond(leg, input, 200);
        }
        else if (_call.Find(leg) is not { Status: not LegStatus.Ended })
        {
            _sip.Respond(leg, input, 481);
        }
        else if (method == SipMethod.Prack)
        {
            await PrackReceived(leg, input);
        }
        else if (method == SipMethod.Update && input.Request.Sdp().IsEmpty)
        {
            _sip.Respond(leg, input, 200);
        }
        else if (method != SipMethod.Invite && method != SipMethod.Update && method != SipMethod.Info)
        {
            _sip.Respond(leg, input, 405);
        }
        else if (_call.Status == CallStatus.Talking && _call.Find(leg) is { Status: LegStatus.Answered })
        {
            await _renegotiation.Request(leg, Other(leg), input);
        }
        else if (method == SipMethod.Update && _setup.EarlyPartner(leg) is { } partner)
        {
            await _renegotiation.Request(leg, partner, input, isEarly: true);
        }
        else
        {
            _sip.Respond(leg, input, 491);
        }

        WatchSessions();
    }

    private async ValueTask PrackReceived(int leg, SipRequestReceived input)
    {
        if (leg != 0) _sip.Respond(leg, input, 481); // only the caller's INVITE gets reliable responses
        else if (Broken(await _setup.AcknowledgedEarly(input, to => _renegotiation.Request(0, to, input, isEarly: true))) is { } broken) await Raise(broken);
    }

    public async Task ResponseReceived(int leg, SipResponseReceived input)
    {
        if (_sip.Find(leg) is not { } sipLeg) return;

        var status = input.Response.Status;
        if (status >= 200) _sip.Finished(input.Transaction);
        if (input.Transaction == sipLeg.Transaction) await InviteAnswered(leg, sipLeg, input);
        else if (input.Response.CSeq.Method != SipMethod.Prack
            && await (_refresh.IsMine(input.Transaction) ? _refresh.Answered(input) : _renegotiation.Answered(leg, input)) is { } lost) await Raise(lost);
        await SessionDue();
        await LeaveWhenDone();
    }

    public async Task CancelReceived(SipCancelReceived input)
    {
        if (_renegotiation.IsFrom(input.Transaction)) await _renegotiation.Cancelled();
        else if (_setup.HoldsAnswer) await HangUpUnanswered();
        else await Raise(new CallerCancelled());
    }

    public async Task AckReceived(int leg, SipAckReceived input)
    {
        var (isRenegotiation, lost) = await _renegotiation.Acknowledged(input);
        if (lost is not null) await Raise(lost);
        if (isRenegotiation || leg != 0 || _call.Status != CallStatus.Talking || input.Transaction != _sip.Caller.Transaction) return;

        if (Broken(await _setup.AcknowledgedByCaller(input.Ack, Other(0))) is { } broken) await Raise(broken);
        if (_setup.MustOfferAgain) _refresh.Outdate(0);
        await SessionDue();
    }

    public Task AckTimedOut(int leg, SipAckTimedOut input) => Raise(new PartyLost(leg, "ack_timeout")).AsTask();

    public Task PrackTimedOut(int leg, SipPrackTimedOut input) =>
        Raise(_setup.HoldsAnswer ? new PartyLost(leg, "prack_timeout") : new CallBroke(500, "prack_timeout")).AsTask(); // RFC 3262 §3

    public async ValueTask Recover()
    {
        if (_call.Status is CallStatus.New or CallStatus.Ended)
        {
            if (await services.Journal.ReadState(StateKey) is null) return;

            Log.SnapshotUnreadable(log, _id);
            await services.Journal.Append(new JournalEntry(_tenant, _id.Stream, 0, [], [new StateRecord(StateKey, null)]));
            return;
        }

        Log.CallRecovered(log, _id, _call.Status);
        await Raise(new SiloRestarted());
    }

    private async ValueTask Route(string dialled, Party caller, string device)
    {
        if (await FindParty(dialled) is not { } callee)
        {
            await Raise(new NobodyFound());
            return;
        }

        var plan = await GrainFactory.GetGrain<IExtensionGrain>(Keys.Extension(_tenant, dialled)).Route(device);
        var targets = ImmutableArray.CreateBuilder<RingTarget>();
        var skipped = plan.Skipped;
        foreach (var target in plan.Targets)
        {
            if (await _setup.Prepare(targets.Count + 1, target, caller, dialled, isOnly: plan.Targets.Length == 1) is MediaError.None) targets.Add(target);
            else skipped = skipped.Add(new SkippedDevice(target.Device, SkipReason.NoMedia));
        }

        if (targets.Count == 0 && !plan.Targets.IsEmpty) await Raise(new CallBroke(503, "no_ports"));
        else await Raise(new RouteFound(callee, targets.ToImmutable(), skipped));
    }

    private async ValueTask InviteAnswered(int leg, SipLeg sipLeg, SipResponseReceived input)
    {
        var status = input.Response.Status;
        if (status < 200)
        {
            if (status == 100 || _call.Find(leg) is not { Status: LegStatus.Offered or LegStatus.Ringing }) return;

            var (alerts, error) = await _setup.Progressed(leg, input.Response, isOnly: _call.Waiting.Count() == 1);
            if (error is not MediaError.None)
            {
                _devices.Cancel(leg);
                await Raise(new LegRefused(leg, 488));
            }
            else if (alerts)
            {
                await Raise(new LegProgressed(leg));
                _setup.PassEarlyMedia();
            }
        }
        else if (status >= 300 && _call.Waiting.Any(waiting => waiting.Number == leg) && (_devices.TryNextFlow(leg, status) || _devices.AskForLonger(leg, input.Response)))
        {
            await SaveSnapshot();
            _devices.Offer(leg);
        }
        else if (status >= 300)
        {
            await Raise(new LegRefused(leg, status));
        }
        else if (_call.Waiting.Any(waiting => waiting.Number == leg))
        {
            if (await _setup.Accepted(leg, input) is MediaError.None)
            {
                await Raise(new LegAccepted(leg));
            }
            else
            {
                _devices.Drop(leg, input);
                await Raise(new LegRefused(leg, 488));
            }
        }
        else if (_call.Find(leg) is { Status: LegStatus.Ended } || sipLeg.Dialog?.RemoteTag != input.Response.To.Tag)
        {
            _devices.Drop(leg, input); // it crossed our CANCEL (RFC 3261 §9.1), or another phone behind a proxy answered too (§13.2.2.4)
        }
    }

    /// <summary>The one way of a call to its next state: decide, journal, then act.</summary>
    private async ValueTask Raise(CallInput input)
    {
        var step = CallMachine.On(_call, input, services.Clock.GetUtcNow());
        if (step.Events.IsEmpty && step.Effects.IsEmpty) return;

        if (!step.Events.IsEmpty)
        {
            var events = await WithMedia(step.Events);
            var next = events.Aggregate(_call, (call, e) => call.After(e));
            await Append(events, next);
            _call = next;
        }

        foreach (var effect in step.Effects)
        {
            try
            {
                CarryOut(effect);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                Log.EffectFailed(log, error, _id, effect); // a peer's address that no request can carry: the other peers must hear all the same
            }
        }

        WatchSessions();
        await Tell();
        if (_call.Status == CallStatus.Ended) await LeaveWhenDone();
    }

    /// <summary>The caller gave up while their 200 waited for a PRACK.</summary>
    private async ValueTask HangUpUnanswered()
    {
        await Raise(new PartyHungUp(0));
        _setup.RefuseCaller(487);
    }

    /// <summary>Sets the timer of whatever session is due next (RFC 4028).</summary>
    private void WatchSessions()
    {
        var next = _refresh.NextAt(_call);
        if (next == _sessionTimerAt) return;

        _sessionTimer?.Dispose();
        _sessionTimer = null;
        _sessionTimerAt = next;
        if (next is not { } at) return;

        var due = (at - services.Clock.GetUtcNow()).Ticks;
        _sessionTimer = this.RegisterGrainTimer(_ => SessionDue(), new() { DueTime = TimeSpan.FromTicks(Math.Clamp(due, 0, TimeSpan.TicksPerDay)), Period = Timeout.InfiniteTimeSpan }); // a phone may ask for years
    }

    /// <summary>Does what is due of the sessions, and waits for the rest.</summary>
    private async Task SessionDue()
    {
        _sessionTimerAt = null;
        if (await _refresh.Tick(_call) is { } lost) await Raise(lost);
        WatchSessions();
    }

    private void CarryOut(CallEffect effect)
    {
        switch (effect)
        {
            case OfferLeg offer: _devices.Offer(offer.Leg); break;
            case RingCaller: _setup.RingCaller(); break;
            case AnswerCaller answer: _setup.AnswerCaller(answer.Leg); break;
            case RefuseCaller refuse: _setup.RefuseCaller(refuse.Status); break;
            case CancelLeg cancel: _devices.Cancel(cancel.Leg); break;
            case HangUpLeg hangUp: _setup.HangUp(hangUp.Leg); break;
            case StartRingTimer:
                _ringTimer = this.RegisterGrainTimer(_ => Raise(new RingTimedOut()).AsTask(), new() { DueTime = services.RingTime, Period = Timeout.InfiniteTimeSpan });
                break;
            case StopRingTimer: _ringTimer?.Dispose(); break;
        }
    }

    /// <summary>Frees the ports of the legs that end, and writes down what went through them.</summary>
    private async ValueTask<ImmutableArray<CallEvent>> WithMedia(ImmutableArray<CallEvent> events)
    {
        if (!events.Any(e => e is LegEnded)) return events;

        var result = events.ToBuilder();
        for (var i = 0; i < result.Count; i++)
        {
            if (result[i] is LegEnded ended) result[i] = ended with { Media = await _sip.ReleaseMedia(ended.Leg) };
        }

        return result.MoveToImmutable();
    }

    private ValueTask Append(ImmutableArray<CallEvent> events, Call next) => services.Journal.Append(new JournalEntry(
        _tenant, _id.Stream, _call.Version + 1, ImmutableArray<object>.CastUp(events), [new StateRecord(StateKey, next.Status == CallStatus.Ended ? default(ReadOnlyMemory<byte>?) : Snapshot(next))]));

    /// <summary>Before a request that uses a CSeq leaves: it must be known after a restart.</summary>
    private ValueTask SaveSnapshot() => services.Journal.Append(new JournalEntry(_tenant, _id.Stream, _call.Version + 1, [], [new StateRecord(StateKey, Snapshot(_call))]));

    private ReadOnlyMemory<byte> Snapshot(Call call) => _sip.ToSnapshot(call).Write();

    private StateKey StateKey => new(CallSnapshot.Kind, _tenant, _id.ToString());

    /// <summary>Tells the extensions that take part how far the call is.</summary>
    private async ValueTask Tell()
    {
        if (_call.Legs.IsEmpty) return;

        var state = _call.Status switch
        {
            CallStatus.Talking => UserCallState.Answered,
            CallStatus.Ended => UserCallState.Ended,
            _ => UserCallState.Ringing,
        };
        var (caller, now) = (_call.Caller.Party, services.Clock.GetUtcNow());
        if (caller.Extension is { } from)
        {
            var callee = _call.Callee;
            await GrainFactory.GetGrain<IExtensionGrain>(Keys.Extension(_tenant, from)).CallChanged(
                new(from, _id.Value, _call.Version, state, CallDirection.Outbound, callee?.Number ?? "", callee?.Name, now));
        }

        if (_call.Callee?.Extension is { } to && (_calleeKnows || _call.Legs.Skip(1).Any(leg => leg.Status is LegStatus.Ringing or LegStatus.Answered)))
        {
            _calleeKnows = true;
            await GrainFactory.GetGrain<IExtensionGrain>(Keys.Extension(_tenant, to)).CallChanged(
                new(to, _id.Value, _call.Version, state, CallDirection.Inbound, caller.Number, caller.Name, now));
        }
    }

    /// <summary>An ended call goes when no transaction of its is open, and at the latest after a while.</summary>
    private ValueTask LeaveWhenDone()
    {
        if (_call.Status != CallStatus.Ended) return default;

        if (_sip.IsQuiet)
        {
            _keepAlive?.Dispose();
            _keepAlive = null;
            DeactivateOnIdle();
        }
        else if (_keepAlive is not null)
        {
            _keepAlive.Dispose();
            _keepAlive = null;
            this.RegisterGrainTimer(
                _ =>
                {
                    DeactivateOnIdle();
                    return Task.CompletedTask;
                },
                new() { DueTime = Linger, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        }

        return default;
    }

    private async ValueTask<Party?> FindParty(string number) =>
        await services.Configuration.FindExtension(_tenant, number) is { } found
            ? new Party(found.Number, found.DisplayName, found.Number, found.Department)
            : null;

    private int Other(int leg) => _call.Live.First(other => other.Number != leg && other.Status == LegStatus.Answered).Number;

    private static CallBroke? Broken(MediaError error) => error switch
    {
        MediaError.None => null,
        MediaError.NoPorts => new CallBroke(503, "no_ports"),
        MediaError.BadDescription => new CallBroke(488, "bad_description"),
        _ => new CallBroke(500, "failed"),
    };
}
