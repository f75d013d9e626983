using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Telephony.Api.Identity;
using Telephony.Grains.Directory;
using Telephony.Grains.Extensions;
using Telephony.Grains.Tenants;

namespace Telephony.Api.Live;

/// <summary>What changes, while it happens: <c>/hubs/telephony</c>.</summary>
[Authorize(Policies.Tenant)]
internal sealed class TelephonyHub(IClusterClient grains, LiveBridge bridge) : Hub<ITelephonyClient>
{
    public override async Task OnConnectedAsync()
    {
        var tenant = Context.User!.GetTenant();
        await bridge.Join(tenant);
        if (Context.User!.FindFirst(TelephonyClaims.Extension)?.Value is { } extension)
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.User(tenant, extension), Context.ConnectionAborted);
            foreach (var call in await grains.GetGrain<IExtensionGrain>(Keys.Extension(tenant, extension)).GetCalls()) // a page that reloads finds its calls again
            {
                await Clients.Caller.CallChanged(CallChanged.Of(call));
            }
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception) => bridge.Leave(Context.User!.GetTenant());

    /// <summary>Everybody's presence now, and every change from then on. The group is joined first, so nothing is missed; a change that the snapshot has already may come again.</summary>
    public async Task<PresenceSnapshot> SubscribePresence()
    {
        var tenant = Context.User!.GetTenant();
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.Presence(tenant), Context.ConnectionAborted);
        return await grains.GetGrain<IDirectoryGrain>(Keys.Directory(tenant)).GetPresence();
    }
}
