using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Telephony.Grains.Directory;
using Telephony.Grains.Extensions;
using Telephony.Grains.Signalling;
using Telephony.Grains.Tenants;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <inheritdoc cref="IDeviceGrain"/>
internal sealed class DeviceGrain(
    [PersistentState(DeviceState.Kind)] IPersistentState<DeviceState> state, ISipEdges edges, IOptions<DeviceOptions> options, TimeProvider clock) : Grain, IDeviceGrain
{
    private ImmutableArray<Binding> _bindings = []; // as they are; what is stored may be behind in its times (see IsWorthStoring)
    private readonly List<SipFlow> _closed = []; // a moment ago
    private TaskCompletionSource? _isBack; // or has left
    private long _report;
    private string _tenant = "";
    private string _username = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _username) = Keys.Split(this.GetPrimaryKeyString());
        _report = Math.Max(state.State.Report, clock.GetUtcNow().UtcTicks); // above every report of an earlier activation
        _bindings = state.State.Bindings;
        return CheckFlows();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        foreach (var flow in _closed) _bindings = Without(flow);
        return _bindings.SequenceEqual(state.State.Bindings) ? Task.CompletedTask : Store(state.State.Extension, clock.GetUtcNow());
    }

    public async ValueTask<SipResponse> Register(SipRequestReceived input, string extension)
    {
        var now = clock.GetUtcNow();
        var result = Registrar.Apply(_bindings, input.Request, input.Flow, now, RegistrarLimits.Default);
        var response = result.Respond(input.Request).Build();
        if (result.IsAccepted)
        {
            var before = _bindings;
            _bindings = result.Bindings;
            _isBack?.TrySetResult();
            if (IsWorthStoring(now)) await Store(extension, now);
            if (input.Flow.Connection != 0) Watch(input.Flow);
            TellEdges(before, input, response, now);
            LeaveIfStored();
        }

        return response;
    }

    public async Task Refreshed(SipRefreshed input)
    {
        if (_bindings is not [var binding] || binding.Flow != input.Flow || binding.CSeq >= input.CSeq || binding.ExpiresAt >= input.ExpiresAt) return;

        var now = clock.GetUtcNow();
        _bindings = [binding with { CSeq = input.CSeq, ExpiresAt = input.ExpiresAt }];
        if (IsWorthStoring(now)) await Store(state.State.Extension, now);
        LeaveIfStored();
    }

    public Task CheckFlows()
    {
        foreach (var binding in Live())
        {
            if (FlowChoice.NeedsFlow(binding)) Watch(binding.Flow!);
        }

        return Task.CompletedTask;
    }

    public Task FlowClosed(SipFlow flow)
    {
        if (Without(flow).Length < _bindings.Length && !_closed.Contains(flow))
        {
            _closed.Add(flow);
            this.RegisterGrainTimer(_ => Leave(flow), new() { DueTime = options.Value.FlowGrace, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    public ValueTask<ImmutableArray<RingTarget>> GetTargets() => new(
        [.. FlowChoice.Branches(Live().Where(binding => binding.Flow is not null && !IsAway(binding))).Select(branch => ToTarget(branch[0]) with { Others = [.. branch.Skip(1).Select(ToTarget)] })]);

    public async ValueTask<ImmutableArray<RingTarget>> AwaitTargets()
    {
        while (true)
        {
            var targets = await GetTargets();
            if (!targets.IsEmpty || !Live().Any(IsAway)) return targets;

            if (_isBack is null or { Task.IsCompleted: true }) _isBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await _isBack.Task;
        }
    }

    public ValueTask<ImmutableArray<Binding>> GetBindings() => new(Live());

    // the edge refreshes what is here: most devices have nothing to do but to be stored, a hundred thousand of them
    private void LeaveIfStored()
    {
        if (_closed.Count == 0 && !_bindings.IsEmpty && _bindings.SequenceEqual(state.State.Bindings)) DeactivateOnIdle();
    }

    private RingTarget ToTarget(Binding binding) => new(_username, binding.Contact, FlowChoice.Toward(binding)!, binding.Path, binding.UserAgent);

    private void Watch(SipFlow flow) => edges.Get(flow.Edge).Watch(flow, this.GetPrimaryKeyString());

    private async Task Leave(SipFlow flow)
    {
        _closed.Remove(flow);
        _isBack?.TrySetResult();
        var left = Without(flow);
        if (left.Length == _bindings.Length) return; // registered again meanwhile, on another flow

        _bindings = left;
        await Store(state.State.Extension, clock.GetUtcNow());
    }

    private ImmutableArray<Binding> Without(SipFlow flow) => _bindings.RemoveAll(binding => binding.Flow == flow && FlowChoice.NeedsFlow(binding));

    // its connection is gone, and it has time to come back
    private bool IsAway(Binding binding) => binding.Flow is { } flow && _closed.Contains(flow) && FlowChoice.NeedsFlow(binding);

    // an edge may refresh what is there alone, and that it has answered itself
    private void TellEdges(ImmutableArray<Binding> before, SipRequestReceived input, SipResponse response, DateTimeOffset now)
    {
        foreach (var edge in before.Select(binding => binding.Flow?.Edge).Append(input.Edge).Distinct())
        {
            if (edge == input.Edge && _bindings is [var only] && only.Flow == input.Flow && only.CallId == input.Request.CallId && only.CSeq == input.Request.CSeq.Number)
            {
                edges.Get(edge).Remember(new(this.GetPrimaryKeyString(), input.Request, response, input.Flow, only.ExpiresAt, now));
            }
            else if (edge is not null)
            {
                edges.Get(edge).Forget(this.GetPrimaryKeyString());
            }
        }
    }

    private ImmutableArray<Binding> Live()
    {
        var now = clock.GetUtcNow();
        return _bindings.RemoveAll(binding => binding.ExpiresAt <= now);
    }

    /// <summary>
    /// A refresh that only moves the end is written behind: the journal and the directory hear of it once what they know is half used up. So a phone that refreshes every
    /// few seconds costs them nothing, and what they know is never past while the binding holds.
    /// </summary>
    private bool IsWorthStoring(DateTimeOffset now)
    {
        var stored = state.State.Bindings;
        if (stored.Length != _bindings.Length) return true;

        for (var i = 0; i < stored.Length; i++)
        {
            var (was, becomes) = (stored[i], _bindings[i]);
            if ((becomes.ExpiresAt - was.ExpiresAt) * 2 > becomes.ExpiresAt - now || becomes.ExpiresAt < was.ExpiresAt) return true;
            if (was.Contact != becomes.Contact || was.Flow != becomes.Flow || was.Instance != becomes.Instance || was.RegId != becomes.RegId || was.Q != becomes.Q
                || was.UserAgent != becomes.UserAgent || was.Parameters != becomes.Parameters || !was.Path.SequenceEqual(becomes.Path)) return true;
        }

        return false;
    }

    private async Task Store(string extension, DateTimeOffset now)
    {
        state.State = new DeviceState(_username, extension, _bindings, ++_report);
        if (_bindings.IsEmpty) await state.ClearStateAsync();
        else await state.WriteStateAsync();
        await GrainFactory.GetGrain<IDirectoryGrain>(Keys.Directory(_tenant)).DeviceReported(_username, extension, state.State.OnlineUntil(now), _report);
    }
}
