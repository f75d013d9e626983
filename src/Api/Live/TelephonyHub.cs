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
    private const string Joined = "joined";

    public override async Task OnConnectedAsync()
    {
        var tenant = Context.User!.GetTenant();
        if (!await bridge.Join(tenant, Context.User!.GetId()))
        {
            Context.Abort(); // too many of one user
            return;
        }

        Context.Items[Joined] = true;
        try
        {
            if (Context.User!.FindFirst(TelephonyClaims.Extension)?.Value is { } extension) await Follow(tenant, extension);
        }
        catch
        {
            await OnDisconnectedAsync(null); // SignalR does not call it for a connection that did not come about
            throw;
        }
    }

    public override Task OnDisconnectedAsync(Exception? exception) =>
        Context.Items.Remove(Joined) ? bridge.Leave(Context.User!.GetTenant(), Context.User!.GetId()) : Task.CompletedTask;

    /// <summary>Everybody's presence now, and every change from then on. The group is joined first, so nothing is missed; a change that the snapshot has already may come again.</summary>
    public async Task<PresenceSnapshot> SubscribePresence()
    {
        var tenant = Context.User!.GetTenant();
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.Presence(tenant), Context.ConnectionAborted);
        return await grains.GetGrain<IDirectoryGrain>(Keys.Directory(tenant)).GetPresence();
    }

    private async Task Follow(string tenant, string extension)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveGroups.User(tenant, extension), Context.ConnectionAborted);
        foreach (var call in await grains.GetGrain<IExtensionGrain>(Keys.Extension(tenant, extension)).GetCalls()) // a page that reloads finds its calls again
        {
            await Clients.Caller.CallChanged(CallChanged.Of(call));
        }
    }
}
