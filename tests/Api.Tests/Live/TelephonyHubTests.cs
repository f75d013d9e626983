using System.Collections.Immutable;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Configuration;
using Telephony.Grains;
using Telephony.Grains.Calls;
using Telephony.Grains.Calls.History;
using Telephony.Grains.Directory;

namespace Telephony.Api.Tests.Live;

public class TelephonyHubTests(ApiHost host) : IClassFixture<ApiHost>
{
    private IStreamProvider Live => host.Services.GetRequiredService<IClusterClient>().GetStreamProvider(Streams.Live);

    [Fact, Trait("Feature", "PRES-05"), Trait("Feature", "PRES-06")]
    public async Task A_subscriber_gets_a_snapshot_and_then_every_change_in_order()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var stranger = await other.SignIn("100");
        await using var hub = await HubClient.Connect(host, alice);
        await using var strangersHub = await HubClient.Connect(host, stranger);
        await strangersHub.Invoke("SubscribePresence");

        var snapshot = (await hub.Invoke("SubscribePresence")).GetProperty("result");
        var version = snapshot.GetProperty("version").GetInt64();
        Assert.Equal(4, snapshot.GetProperty("people").GetArrayLength());

        var directory = host.DirectoryOf(tenant.Id);
        await directory.DeviceReported("101", "101", DateTimeOffset.MaxValue, 1);
        Assert.Equal("available", await Change());
        await directory.ExtensionReported("101", isRinging: true, isOnCall: false, 1);
        Assert.Equal("ringing", await Change());
        await directory.ExtensionReported("101", isRinging: false, isOnCall: true, 2);
        Assert.Equal("on_call", await Change());
        Assert.True(await strangersHub.HearsNothing());

        async Task<string?> Change()
        {
            var change = await hub.Hear("PresenceChanged");
            Assert.Equal(snapshot.GetProperty("epoch").GetInt64(), change.GetProperty("epoch").GetInt64());
            Assert.Equal(version, change.GetProperty("previous").GetInt64());
            version = change.GetProperty("version").GetInt64();
            var person = Assert.Single(change.GetProperty("changed").EnumerateArray());
            Assert.Equal("101", person.GetProperty("extension").GetString());
            return person.GetProperty("status").GetString();
        }
    }

    [Fact]
    public async Task Ones_own_calls_are_told_to_all_of_ones_connections_and_to_nobody_else()
    {
        var tenant = await host.AddTenant();
        var other = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");
        using var stranger = await other.SignIn("100");
        await using var hub = await HubClient.Connect(host, alice);
        await using var second = await HubClient.Connect(host, alice);
        await using var bobs = await HubClient.Connect(host, bob);
        await using var strangers = await HubClient.Connect(host, stranger);
        foreach (var client in new[] { hub, second, bobs, strangers }) await client.Invoke("SubscribePresence"); // and so it is connected
        var call = Guid.CreateVersion7();

        await Live.GetStream<UserCallChanged>(StreamId.Create(Streams.Calls, tenant.Id))
            .OnNextAsync(new("100", call, 3, UserCallState.Ringing, CallDirection.Inbound, "101", "Bob", new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero)));
        foreach (var client in new[] { hub, second })
        {
            var heard = await client.Hear("CallChanged");
            Assert.Equal((call.ToString(), 3L, "ringing", "inbound"), (heard.GetProperty("callId").GetString(), heard.GetProperty("version").GetInt64(), heard.GetProperty("state").GetString(), heard.GetProperty("direction").GetString()));
            Assert.Equal("2026-11-20T12:00:00.000Z", heard.GetProperty("since").GetString());
        }

        await Live.GetStream<UserCallRecorded>(StreamId.Create(Streams.History, tenant.Id)).OnNextAsync(new(call, ["100"]));
        Assert.Equal(call.ToString(), (await hub.Hear("CallRecorded")).GetProperty("callId").GetString());
        Assert.True(await bobs.HearsNothing());
        Assert.True(await strangers.HearsNothing());
    }

    [Fact]
    public async Task A_program_connects_with_its_key()
    {
        var tenant = await host.AddTenant();
        var key = await host.Services.GetRequiredService<ApiKeys>().Issue(tenant.Id, "wallboard", [Roles.User], "test");
        await using var hub = await HubClient.Connect(host, key: key);

        Assert.Equal(4, (await hub.Invoke("SubscribePresence")).GetProperty("result").GetProperty("people").GetArrayLength());
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.Connect(host));
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.Connect(host, key: "wrong"));
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.Connect(host, key: host.PlatformKey));
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_connect_with_the_cookie()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");

        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.Connect(host, alice, origin: "http://127.0.0.1:1"));
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.Connect(host, alice, origin: "null"));
        await using var own = await HubClient.Connect(host, alice, origin: host.Address.GetLeftPart(UriPartial.Authority));
        await own.Invoke("SubscribePresence");
    }

    [Fact]
    public async Task One_user_cannot_take_connections_without_end()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");
        var hubs = new List<HubClient>();
        for (var i = 0; i < Telephony.Api.Live.LiveBridge.MaxConnectionsOfUser; i++)
        {
            hubs.Add(await HubClient.Connect(host, alice));
            await hubs[i].Invoke("SubscribePresence");
        }

        await using (var tooMany = await HubClient.Connect(host, alice)) await tooMany.Closed;
        await using (var another = await HubClient.Connect(host, bob)) await another.Invoke("SubscribePresence");
        await hubs[0].DisposeAsync();
        await Testing.Eventually.Is(async () =>
        {
            await using var hub = await HubClient.Connect(host, alice);
            return await hub.IsOpen();
        });
        foreach (var hub in hubs.Skip(1)) await hub.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_ends_with_the_sign_in()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        await using var hub = await HubClient.Connect(host, alice);
        await hub.Invoke("SubscribePresence");

        await host.Import(tenant.Id, "extension,display_name,department,email,sip_password,web_password,role\n100,Alice,,,,N3wPassword!,user\n");

        await hub.Closed;
    }

    [Theory]
    [InlineData("""{"type":1,"invocationId":"9","target":"Nothing","arguments":[]}""")]
    [InlineData("""{"type":1,"invocationId":"9","target":"SubscribePresence","arguments":[1]}""")]
    public async Task A_call_that_does_not_exist_is_answered_with_an_error(string message)
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        await using var hub = await HubClient.Connect(host, alice);

        await hub.Send(message);

        await hub.Invoke("SubscribePresence"); // still there
    }

    [Theory]
    [InlineData("garbage", 1)]
    [InlineData("too long", 20_000)]
    public async Task Garbage_ends_the_connection(string message, int times)
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        await using var hub = await HubClient.Connect(host, alice);

        await hub.Send(string.Concat(Enumerable.Repeat(message, times)));

        await hub.Closed;
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_and_keeps_nobody_waiting()
    {
        var tenant = await host.AddTenant();
        using var alice = await tenant.SignIn("100");
        using var bob = await tenant.SignIn("101");
        await using var reader = await HubClient.Connect(host, bob);
        await reader.Invoke("SubscribePresence");
        await using var sleeper = await HubClient.Connect(host, alice, receiveBuffer: 4096);
        await sleeper.Invoke("SubscribePresence");
        sleeper.StopReading();
        var stream = Live.GetStream<PresenceChange>(StreamId.Create(Streams.Presence, tenant.Id));
        var person = new ExtensionPresence("100", new string('x', 2000), null, null, PresenceStatus.Available, null, 1, 1);

        for (var i = 0; i < 6000; i++)
        {
            await stream.OnNextAsync(new PresenceChange(1, i, i + 1, [.. Enumerable.Repeat(person, 2)], ImmutableArray<string>.Empty));
            if (i % 50 == 49)
            {
                for (var heard = 0; heard < 50; heard++) Assert.Equal(i - 49 + heard, (await reader.Hear("PresenceChanged")).GetProperty("previous").GetInt64());
            }
        }

        // 6,000 messages of 4 KB to somebody who reads none: 24 MB if they were kept
        var hubs = (Telephony.Api.Live.BoundedHubLifetimeManager<Telephony.Api.Live.TelephonyHub>)host.Services.GetRequiredService<Microsoft.AspNetCore.SignalR.HubLifetimeManager<Telephony.Api.Live.TelephonyHub>>();
        await Testing.Eventually.Is(() => hubs.Dropped == 1);
    }
}
