using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Telephony.Events;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Devices;
using Telephony.Grains.Extensions;
using Telephony.Grains.Tenants;
using Telephony.Media;

namespace Telephony.Grains.Calls;

/// <inheritdoc cref="ICallGrain"/>
/// <remarks>SIP in (<c>CallGrain.Inputs.cs</c>), <see cref="CallMachine"/> decides, the journal keeps, then <see cref="CallSignalling"/> acts.</remarks>
internal sealed partial class CallGrain(CallServices services, ILogger<CallGrain> log) : Grain, ICallGrain
{
    /// <summary>How long an ended call stays to answer what is still under way: a little over 64*T1.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(5);

    private bool _calleeKnows; // the callee's extension was told of the call
    private Call _call = Call.None;
    private CallSnapshot? _restored; // of an earlier start
    private CallSignalling _sip = null!;
    private DeviceInvites _devices = null!;
    private CallSetup _setup = null!;
    private Renegotiation _renegotiation = null!;
    private SessionRefresh _refresh = null!;
    private IGrainTimer? _sessionTimer;
    private DateTimeOffset? _sessionTimerAt;
    private (Party Callee, string Dialled) _ringing; // or being waited for
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
        _refresh = new SessionRefresh(_sip, services, SaveSnapshot, Locate);
        _renegotiation = new Renegotiation(_sip, SaveSnapshot, Locate, _refresh.Outdate);
        if (await services.Journal.ReadState(StateKey) is { } data && CallSnapshot.Read(data) is { } snapshot)
        {
            (_call, _restored) = (snapshot.Call, snapshot);
            _sip.Restore(snapshot);
            _setup.Restore(snapshot.Setup);
            _refresh.Restore(snapshot.Refreshes);
            WatchSessions();
        }
    }

    public Task Start(IncomingCall incoming) => _call.Status == CallStatus.New ? Try(Begin(incoming)) : Task.CompletedTask;

    public Task DevicesReturned(RingPlan plan) => _call.Status == CallStatus.Routing ? Try(Ring(plan)) : Task.CompletedTask;

    private async Task Try(ValueTask setup)
    {
        try
        {
            await setup;
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
        StayActive();
        var invite = incoming.Invite.Request;
        var dialled = invite.RequestUri.User ?? "";
        var caller = await FindParty(incoming.Extension) ?? new Party(incoming.Extension, null, incoming.Extension);
        var tenant = await services.Configuration.GetTenant(_tenant);
        var mediaError = await _setup.AddCaller(incoming.Invite, tenant?.Domains[0] ?? invite.From.Uri.Host, incoming.Device);
        await Raise(new CallArrived(caller, dialled, incoming.Device, invite.CallId));
        if (MediaRefusal.Broken(mediaError) is { } broken) await Raise(broken);
        else await Route(dialled, incoming.Device);
    }

    public async ValueTask<bool> Recover()
    {
        if (_call.Status is CallStatus.New or CallStatus.Ended)
        {
            if (await services.Journal.ReadState(StateKey) is null) return false;

            Log.SnapshotUnreadable(log, _id);
            await services.Journal.Append(new JournalEntry(_tenant, _id.Stream, 0, [], [new StateRecord(StateKey, null)]));
            return false;
        }

        StayActive();
        var media = _restored is { CanGoOn: true } ? await _sip.AdoptMedia(_call.Live) : MediaError.UnknownLeg;
        if (media is not MediaError.None && (media is not MediaError.NodeAway || _call.Status != CallStatus.Talking))
        {
            Log.CallEndedByRestart(log, _id, _call.Status);
            await Raise(new SiloRestarted());
            return false;
        }

        Log.CallGoesOn(log, _id, _call.Status);
        if (_restored!.Change is { } change) await _renegotiation.GiveUp(change);
        _restored = null;
        _setup.SayAgain(_call);
        if (_call.Status == CallStatus.Ringing) ArmRingTimer(_call.Since + services.RingTime - services.Clock.GetUtcNow());
        await SaveSnapshot();
        WatchSessions();
        await Tell();
        if (media is MediaError.NodeAway) await Raise(new MediaGone()); // it may be back in a moment, else there is another
        return true;
    }

    /// <summary>The call is in memory alone until it ends, but for its snapshot.</summary>
    private void StayActive() => _keepAlive ??= this.RegisterGrainTimer(_ => Task.CompletedTask, new() { DueTime = KeepAlive, Period = KeepAlive, KeepAlive = true });

    private void ArmRingTimer(TimeSpan left) => _ringTimer = this.RegisterGrainTimer(
        _ => Raise(new RingTimedOut()).AsTask(), new() { DueTime = left > TimeSpan.Zero ? left : TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan });

    private async ValueTask Route(string dialled, string device)
    {
        if (await FindParty(dialled) is not { } callee)
        {
            await Raise(new NobodyFound());
            return;
        }

        _ringing = (callee, dialled);
        var extension = GrainFactory.GetGrain<IExtensionGrain>(Keys.Extension(_tenant, dialled));
        var plan = await extension.Route(device, wait: false);
        if (plan.Targets.IsEmpty) _ = AwaitDevices(extension, device, plan); // in a turn of its own: the caller may give up meanwhile
        else await Ring(plan);
    }

    private async Task AwaitDevices(IExtensionGrain extension, string device, RingPlan plan)
    {
        try
        {
            plan = await extension.Route(device, wait: true);
        }
        catch (Exception error)
        {
            Log.CallFailed(log, error, _id);
        }

        await GrainFactory.GetGrain<ICallGrain>(this.GetPrimaryKeyString()).DevicesReturned(plan);
    }

    private async ValueTask Ring(RingPlan plan)
    {
        var (callee, dialled) = _ringing;
        var caller = _call.Caller.Party;
        var targets = ImmutableArray.CreateBuilder<RingTarget>();
        var skipped = plan.Skipped;
        var error = MediaError.None;
        foreach (var target in plan.Targets)
        {
            error = await _setup.Prepare(targets.Count + 1, target, caller, dialled, isOnly: plan.Targets.Length == 1);
            if (error is MediaError.None) targets.Add(target);
            else skipped = skipped.Add(new SkippedDevice(target.Device, SkipReason.NoMedia));
        }

        if (targets.Count == 0 && MediaRefusal.Broken(error) is { } broken) await Raise(broken);
        else await Raise(new RouteFound(callee, targets.ToImmutable(), skipped));
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

        foreach (var hangUp in step.Effects.OfType<HangUpLeg>()) await Locate(hangUp.Leg);
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

    /// <summary>Sets the timer of whatever session is due next (RFC 4028).</summary>
    private void WatchSessions()
    {
        var next = _refresh.NextAt(_call);
        if (_silence.NextAt(Answered, services.SilentPartyTimeout) is { } silent && !(next < silent)) next = silent;
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
        if (!await EndedBySilence() && await _refresh.Tick(_call) is { } lost) await Raise(lost);
        WatchSessions();
    }

    /// <summary>Finds a leg's peer again when it was reached by a connection.</summary>
    private async ValueTask Locate(int leg)
    {
        if (_sip.Find(leg) is not { Flow.Connection: not 0 } || _call.Find(leg) is not { } party) return;

        _sip.Relocate(leg, await GrainFactory.GetGrain<IDeviceGrain>(Keys.Device(_tenant, party.Device)).GetTargets());
    }

    private void CarryOut(CallEffect effect)
    {
        switch (effect)
        {
            case OfferLeg offer: _devices.Offer(offer.Leg); break;
            case RingCaller: _setup.RingCaller(); break;
            case AnswerCaller answer: _setup.AnswerCaller(answer.Leg); break;
            case RefuseCaller refuse: _setup.RefuseCaller(refuse.Status, refuse.Reason); break;
            case CancelLeg cancel: _devices.Cancel(cancel.Leg); break;
            case HangUpLeg hangUp: _setup.HangUp(hangUp.Leg); break;
            case MoveMedia: StartToMove(); break;
            case StartRingTimer: ArmRingTimer(services.RingTime); break;
            case StopRingTimer: _ringTimer?.Dispose(); break;
        }
    }

    private ValueTask Append(ImmutableArray<CallEvent> events, Call next) => services.Journal.Append(new JournalEntry(
        _tenant, _id.Stream, _call.Version + 1, ImmutableArray<object>.CastUp(events), [new StateRecord(StateKey, next.Status == CallStatus.Ended ? default(ReadOnlyMemory<byte>?) : Snapshot(next))]));

    /// <summary>Before a request that uses a CSeq leaves: it must be known after a restart.</summary>
    private ValueTask SaveSnapshot() => _call.Status == CallStatus.Ended ? default : services.Journal.Append(new JournalEntry(_tenant, _id.Stream, _call.Version + 1, [], [new StateRecord(StateKey, Snapshot(_call))]));

    private ReadOnlyMemory<byte> Snapshot(Call call) => (_sip.ToSnapshot(call) with { Setup = _setup.ToSnapshot(), Change = _renegotiation.Change, Refreshes = _refresh.Open }).Write();

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
        var (caller, since) = (_call.Caller.Party, _call.Since);
        if (caller.Extension is { } from)
        {
            var callee = _call.Callee;
            await GrainFactory.GetGrain<IExtensionGrain>(Keys.Extension(_tenant, from)).CallChanged(
                new(from, _id.Value, _call.Version, state, CallDirection.Outbound, callee?.Number ?? "", callee?.Name, since));
        }

        if (_call.Callee?.Extension is { } to && (_calleeKnows || _call.Legs.Skip(1).Any(leg => leg.Status is LegStatus.Ringing or LegStatus.Answered)))
        {
            _calleeKnows = true;
            await GrainFactory.GetGrain<IExtensionGrain>(Keys.Extension(_tenant, to)).CallChanged(
                new(to, _id.Value, _call.Version, state, CallDirection.Inbound, caller.Number, caller.Name, since));
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
}
