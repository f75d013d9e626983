using System.Collections.Immutable;
using Telephony.Grains.Directory;
using Telephony.Grains.Extensions;
using Telephony.Grains.Tenants;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <inheritdoc cref="IDeviceGrain"/>
internal sealed class DeviceGrain([PersistentState(DeviceState.Kind)] IPersistentState<DeviceState> state, TimeProvider clock) : Grain, IDeviceGrain
{
    private long _report;
    private string _tenant = "";
    private string _username = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _username) = Keys.Split(this.GetPrimaryKeyString());
        _report = clock.GetUtcNow().UtcTicks; // above every report of an earlier activation
        return Task.CompletedTask;
    }

    public async ValueTask<SipResponse> Register(SipRequestReceived input, string extension)
    {
        var now = clock.GetUtcNow();
        var result = Registrar.Apply(state.State.Bindings, input.Request, input.Flow, now, RegistrarLimits.Default);
        if (result.IsAccepted && !result.Bindings.SequenceEqual(state.State.Bindings))
        {
            state.State = new DeviceState(_username, extension, result.Bindings);
            if (result.Bindings.IsEmpty) await state.ClearStateAsync();
            else await state.WriteStateAsync();
            await GrainFactory.GetGrain<IDirectoryGrain>(Keys.Directory(_tenant))
                .DeviceReported(_username, extension, state.State.OnlineUntil(now), ++_report);
        }

        return result.Respond(input.Request).Build();
    }

    public ValueTask<ImmutableArray<RingTarget>> GetTargets() => new(
        [.. state.State.Live(clock.GetUtcNow()).Where(binding => binding.Flow is not null).Select(binding =>
            new RingTarget(_username, binding.Contact, FlowChoice.Toward(binding)!, binding.Path, binding.UserAgent))]);

    public ValueTask<ImmutableArray<Binding>> GetBindings() => new(state.State.Live(clock.GetUtcNow()));
}
