using Telephony.Grains.Tests.Fakes;

namespace Telephony.Grains.Tests.Directory;

public class DirectoryGrainTests
{
    [Fact]
    public async Task Changes_are_published_in_order_and_each_continues_the_one_before()
    {
        await using var world = World.Start();
        var changes = await world.WatchPresence();
        var before = await world.Presence();

        for (var i = 0; i < 40; i++) await world.Register("102", 5082, expires: i % 2 == 0 ? 600 : 0);
        await world.Time.Advance(TimeSpan.FromMilliseconds(10));

        var after = await world.Presence();
        Assert.Equal(before.Version, changes[0].Previous);
        Assert.Equal(changes.Skip(1).Select(change => change.Previous), changes.SkipLast(1).Select(change => change.Version));
        Assert.Equal(after.Version, changes[^1].Version);
        Assert.All(changes, change => Assert.Equal(after.Epoch, change.Epoch));
        Assert.Equal(after.People.Single(person => person.Extension == "102"), changes[^1].Changed.Single());
    }

    [Fact]
    public async Task Few_changes_go_out_at_once_and_many_go_together()
    {
        await using var world = World.Start();
        var changes = await world.WatchPresence();

        await world.Register("102", 5082);
        var first = changes.Count;
        for (var i = 1; i <= 100; i++) await world.Register("102", 5082, expires: i % 2 == 0 ? 600 : 0);
        var during = changes.Count;
        await world.Time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, first); // within the same moment
        Assert.InRange(during, 2, 20);
        Assert.Equal(during + 1, changes.Count); // and the last state is told
    }
}
