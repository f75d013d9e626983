using Telephony.Grains.Devices;
using Telephony.Grains.Directory;
using Telephony.Grains.Tenants;
using Telephony.Grains.Tests.Fakes;

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
}
