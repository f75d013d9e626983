using System.Collections.Immutable;
using Telephony.Configuration;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Devices;
using Telephony.Grains.Directory;
using Telephony.Grains.Tenants;

namespace Telephony.Grains.Extensions;

/// <inheritdoc cref="IExtensionGrain"/>
internal sealed class ExtensionGrain(IConfigurationReader configuration, TimeProvider clock) : Grain, IExtensionGrain
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, UserCallChanged> _calls = [];
    private IGrainTimer? _keepAlive;
    private long _report;
    private string _tenant = "";
    private string _number = "";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _number) = Keys.Split(this.GetPrimaryKeyString());
        _report = clock.GetUtcNow().UtcTicks; // above every report of an earlier activation
        return Task.CompletedTask;
    }

    public async ValueTask<RingPlan> Route(string callerDevice, bool wait)
    {
        if (await configuration.FindExtension(_tenant, _number) is not { } extension) return new RingPlan([], []);

        var devices = extension.Devices.Where(device => device != callerDevice).ToList();
        var reachable = await Task.WhenAll(devices.Select(async device => wait ? await Device(device).AwaitTargets() : await Device(device).GetTargets()));

        return new RingPlan(
            [.. reachable.SelectMany(targets => targets)],
            [
                .. extension.Devices.Where(device => device == callerDevice).Select(device => new SkippedDevice(device, SkipReason.CallersOwn)),
                .. devices.Where((_, at) => reachable[at].IsEmpty).Select(device => new SkippedDevice(device, SkipReason.Offline)),
            ]);
    }

    public ValueTask<ImmutableArray<UserCallChanged>> GetCalls() => new([.. _calls.Values]);

    public async Task CallChanged(UserCallChanged change)
    {
        if (_calls.TryGetValue(change.CallId, out var known) && known.Version >= change.Version) return;

        if (change.State == UserCallState.Ended) _calls.Remove(change.CallId);
        else _calls[change.CallId] = change;

        await GrainFactory.GetGrain<IDirectoryGrain>(Keys.Directory(_tenant)).ExtensionReported(
            _number,
            isRinging: _calls.Values.Any(call => call is { State: UserCallState.Ringing, Direction: CallDirection.Inbound }),
            isOnCall: _calls.Values.Any(call => call is { State: UserCallState.Answered } or { Direction: CallDirection.Outbound }),
            ++_report);
        await this.GetStreamProvider(Streams.Live).GetStream<UserCallChanged>(StreamId.Create(Streams.Calls, _tenant)).OnNextAsync(change);
        StayWhileOnACall();
    }

    private IDeviceGrain Device(string username) => GrainFactory.GetGrain<IDeviceGrain>(Keys.Device(_tenant, username));

    /// <summary>The calls are kept in memory alone, so this activation must not go while there are any.</summary>
    private void StayWhileOnACall()
    {
        if (_calls.Count == 0)
        {
            _keepAlive?.Dispose();
            _keepAlive = null;
        }
        else
        {
            _keepAlive ??= this.RegisterGrainTimer(_ => Task.CompletedTask, new() { DueTime = KeepAlive, Period = KeepAlive, KeepAlive = true });
        }
    }
}
