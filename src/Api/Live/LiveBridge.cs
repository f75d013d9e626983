using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Telephony.Grains;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Directory;

namespace Telephony.Api.Live;

/// <summary>Carries the live streams to the hub's groups, for the tenants that somebody is connected from. A message goes out in the turn that it comes in.</summary>
internal sealed class LiveBridge(IClusterClient grains, IHubContext<TelephonyHub, ITelephonyClient> hub, ILogger<LiveBridge> log) : IDisposable
{
    /// <summary>Connections that one user, or one API key, may have at a time.</summary>
    public const int MaxConnectionsOfUser = 100;

    private readonly SemaphoreSlim _changing = new(1);
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _connectionsOf = new(StringComparer.Ordinal);

    /// <summary>A connection of this tenant is there: its streams are being carried when this completes.</summary>
    /// <returns>False, and it does not count, when the user has too many.</returns>
    public async Task<bool> Join(string tenant, string user)
    {
        await _changing.WaitAsync();
        try
        {
            var connections = _connectionsOf.GetValueOrDefault(user);
            if (connections >= MaxConnectionsOfUser) return false;
            if (!_subscriptions.TryGetValue(tenant, out var subscription)) _subscriptions.Add(tenant, subscription = await Subscribe(tenant));
            subscription.Connections++;
            _connectionsOf[user] = connections + 1;
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>A connection that had joined is gone.</summary>
    public async Task Leave(string tenant, string user)
    {
        await _changing.WaitAsync();
        try
        {
            if (--_connectionsOf[user] == 0) _connectionsOf.Remove(user);
            var subscription = _subscriptions[tenant];
            if (--subscription.Connections > 0) return;
            _subscriptions.Remove(tenant);
            await subscription.End();
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private async Task<Subscription> Subscribe(string tenant)
    {
        var live = grains.GetStreamProvider(Streams.Live);
        var presence = await live.GetStream<PresenceChange>(StreamId.Create(Streams.Presence, tenant))
            .SubscribeAsync((change, _) => Pass(clients => clients.Group(LiveGroups.Presence(tenant)).PresenceChanged(change)));
        var calls = await live.GetStream<UserCallChanged>(StreamId.Create(Streams.Calls, tenant))
            .SubscribeAsync((call, _) => Pass(clients => clients.Group(LiveGroups.User(tenant, call.Extension))
                .CallChanged(CallChanged.Of(call))));
        var history = await live.GetStream<UserCallRecorded>(StreamId.Create(Streams.History, tenant))
            .SubscribeAsync((call, _) => Pass(async clients =>
            {
                foreach (var extension in call.Extensions) await clients.Group(LiveGroups.User(tenant, extension)).CallRecorded(new(call.CallId));
            }));
        return new Subscription(async () =>
        {
            await presence.UnsubscribeAsync();
            await calls.UnsubscribeAsync();
            await history.UnsubscribeAsync();
        });
    }

    private async Task Pass(Func<IHubClients<ITelephonyClient>, Task> send)
    {
        try
        {
            await send(hub.Clients); // does not wait for clients that read slowly: see BoundedHubLifetimeManager
        }
#pragma warning disable CA1031 // a subscriber that throws would be the stream's problem
        catch (Exception exception)
        {
            Log.LiveFailed(log, exception);
        }
#pragma warning restore CA1031
    }

    private sealed class Subscription(Func<Task> end)
    {
        public int Connections { get; set; }

        public Task End() => end();
    }
}
