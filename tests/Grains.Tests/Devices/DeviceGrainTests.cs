using Telephony.Grains.Devices;
using Telephony.Grains.Directory;
using Telephony.Grains.Tenants;
using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Devices;

public class DeviceGrainTests
{
    [Fact]
    [Trait("Feature", "DEV-28")]
    public async Task A_phone_is_online_while_its_registration_holds()
    {
        await using var world = World.Start();
        var before = await world.StatusOf("102");

        await world.Register("102", 5082, expires: 60);
        var registered = await world.StatusOf("102");
        await world.Time.Advance(TimeSpan.FromSeconds(62));

        Assert.Equal((PresenceStatus.Offline, PresenceStatus.Available, PresenceStatus.Offline), (before, registered, await world.StatusOf("102")));
        Assert.Empty(await world.Grain<IDeviceGrain>(Keys.Device(FakeConfiguration.Tenant, "102")).GetTargets());
    }

    [Fact]
    public async Task A_phone_that_refreshes_often_stays_online_without_being_stored_each_time()
    {
        await using var world = World.Start();
        for (var i = 0; i < 100; i++)
        {
            await world.Register("102", 5082, expires: 60);
            await world.Time.Advance(TimeSpan.FromSeconds(7));
            Assert.Equal(PresenceStatus.Available, await world.StatusOf("102"));
        }

        await world.Time.Advance(TimeSpan.FromSeconds(55));
        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("102"));
    }

    [Fact]
    [Trait("Feature", "DEV-29")]
    public async Task An_extension_with_two_phones_is_online_until_the_last_one_leaves()
    {
        await using var world = World.Start();
        await world.Register("101", 5081);
        await world.Register("101-home", 5091);

        var both = (await world.Presence()).People.Single(person => person.Extension == "101");
        await world.Register("101", 5081, expires: 0);
        var one = (await world.Presence()).People.Single(person => person.Extension == "101");
        await world.Register("101-home", 5091, expires: 0);

        Assert.Equal((2, 2), (both.OnlineDevices, both.Devices));
        Assert.Equal((1, PresenceStatus.Available), (one.OnlineDevices, one.Status));
        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("101"));
    }

    [Fact]
    [Trait("Feature", "CON-41")]
    public async Task A_phone_of_one_tenant_is_not_online_in_another()
    {
        await using var world = World.Start();

        await world.Register("102", 5082);

        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("102", FakeConfiguration.OtherTenant));
    }

    private const string Browser = "sip:102@k3j2.invalid;transport=ws";

    private static SipFlow Connection(SipTransport transport, long number) => new(transport, "127.0.0.1:50102", number, FakeEdge.Name);

    [Theory] // RFC 5626 §5.3, RFC 7118 §5
    [InlineData(SipTransport.Wss, Browser)]
    [InlineData(SipTransport.Tls, "sip:102@127.0.0.1:5061;transport=tls")]
    [InlineData(SipTransport.Tcp, "sip:102@127.0.0.1:50102;transport=tcp")]   // where it came from: nobody listens there
    [InlineData(SipTransport.Tcp, "sip:102@192.168.1.9:5060;transport=tcp")]  // behind a NAT
    [InlineData(SipTransport.Tcp, "sip:102@127.0.0.1:5060;transport=tcp;ob")]
    public async Task A_phone_that_is_reached_by_its_connection_alone_goes_offline_a_moment_after_it(SipTransport transport, string contact)
    {
        await using var world = World.Start();
        var flow = Connection(transport, 1);
        await world.Register("102", 0, contact: contact, flow: flow);

        await world.CloseFlow(flow);
        await world.Time.Advance(TimeSpan.FromSeconds(4));
        var soon = await world.StatusOf("102");
        await world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((PresenceStatus.Available, PresenceStatus.Offline), (soon, await world.StatusOf("102")));
        Assert.Empty(await world.Grain<IDeviceGrain>(Keys.Device(FakeConfiguration.Tenant, "102")).GetBindings());
    }

    [Fact]
    public async Task A_phone_that_listens_where_its_contact_says_stays_online_without_its_connection()
    {
        await using var world = World.Start();
        var flow = Connection(SipTransport.Tcp, 1);
        await world.Register("102", 0, contact: "sip:102@127.0.0.1:5082;transport=tcp", flow: flow);

        await world.CloseFlow(flow);
        await world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(PresenceStatus.Available, await world.StatusOf("102"));
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_does_not_flicker_and_leaves_no_dead_binding()
    {
        await using var world = World.Start();
        var changes = await world.WatchPresence();
        for (var load = 1; load <= 20; load++)
        {
            var flow = Connection(SipTransport.Wss, load);
            Assert.Equal(200, (await world.Register("102", load, contact: $"sip:102@{load}.invalid;transport=ws", flow: flow)).Status);
            await world.CloseFlow(flow);
            await world.Time.Advance(TimeSpan.FromSeconds(2));
        }

        var during = changes.Count;
        await world.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(1, during);
        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("102"));
    }

    [Fact]
    public async Task A_connection_that_ended_while_nobody_looked_is_noticed()
    {
        await using var world = World.Start(deactivatesAtRandom: 1);
        var flow = Connection(SipTransport.Wss, 1);
        await world.Register("102", 0, contact: Browser, flow: flow);
        world.Edge.Gone.Add(flow.Connection); // and nobody is told
        await world.Time.Advance(TimeSpan.FromSeconds(1));

        await world.Grain<IDeviceGrain>(Keys.Device(FakeConfiguration.Tenant, "102")).GetBindings();
        await world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("102"));
    }

    [Fact]
    public async Task The_edge_refreshes_the_only_binding_of_a_device_and_no_others()
    {
        await using var world = World.Start();
        var owner = Keys.Device(FakeConfiguration.Tenant, "102");

        await world.Register("102", 5082, expires: 60);
        var alone = world.Edge.Remembered.GetValueOrDefault(owner);
        await world.Register("102", 5092, expires: 60);
        var withAnother = world.Edge.Remembered.GetValueOrDefault(owner);
        await world.Register("102", 5092, expires: 0);
        var withoutItself = world.Edge.Remembered.GetValueOrDefault(owner);

        Assert.Equal((World.Flow(5082), world.Time.GetUtcNow().AddSeconds(60)), (alone?.Flow, alone?.ExpiresAt));
        Assert.Null(withAnother);
        Assert.Null(withoutItself);
    }

    [Fact]
    public async Task A_phone_that_the_edge_refreshes_stays_online_until_it_comes_no_more()
    {
        await using var world = World.Start();
        await world.Register("102", 5082, expires: 60);
        var flow = World.Flow(5082);
        for (var refresh = 1; refresh <= 5; refresh++)
        {
            await world.Time.Advance(TimeSpan.FromSeconds(40));
            world.Network.OnRefreshed(new(FakeEdge.Name, Keys.Device(FakeConfiguration.Tenant, "102"), flow, (uint)(100 + refresh), world.Time.GetUtcNow().AddSeconds(60)));
            await world.Settle();
            Assert.Equal(PresenceStatus.Available, await world.StatusOf("102"));
        }

        Assert.Equal(flow, Assert.Single(await world.Grain<IDeviceGrain>(Keys.Device(FakeConfiguration.Tenant, "102")).GetBindings()).Flow);
        await world.Time.Advance(TimeSpan.FromSeconds(62));
        Assert.Equal(PresenceStatus.Offline, await world.StatusOf("102"));
    }

    [Fact]
    public async Task What_an_edge_says_of_a_binding_that_is_gone_changes_nothing()
    {
        await using var world = World.Start();
        await world.Register("102", 5082, expires: 60);
        await world.Register("102", 5082, expires: 0);

        world.Network.OnRefreshed(new(FakeEdge.Name, Keys.Device(FakeConfiguration.Tenant, "102"), World.Flow(5082), 100, world.Time.GetUtcNow().AddSeconds(60)));
        await world.Settle();

        Assert.Empty(await world.Grain<IDeviceGrain>(Keys.Device(FakeConfiguration.Tenant, "102")).GetBindings());
    }
}
