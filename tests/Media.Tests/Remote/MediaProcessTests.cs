using System.Runtime.Versioning;
using Telephony.Media.Relay;
using Telephony.Testing;

namespace Telephony.Media.Remote;

/// <summary>A media node in another process, with packets through it, when one of the two processes is gone.</summary>
[SupportedOSPlatform("linux")]
public sealed class MediaProcessTests
{
    private static readonly MediaOwner First = new("silo", 1, "call"), Second = First with { Epoch = 2 };

    [Fact]
    public async Task Audio_goes_on_while_its_owner_is_gone_and_the_next_owner_finds_the_legs_again()
    {
        await using var process = await MediaProcess.StartNew();
        using var alice = new Phone();
        using var bob = new Phone();
        var before = await process.Drive();
        var (a, b) = await Call(before, alice, bob);
        await Hears(alice, a, bob);
        await Hears(bob, b, alice);

        await before.DisposeAsync(); // its connection ends without a word, as when it is killed
        for (var i = 0; i < 50; i++)
        {
            await Hears(alice, a, bob); // each packet, so no gap
            await Hears(bob, b, alice);
        }

        var after = await process.Drive();
        var stale = await process.Drive(); // one who does not know that it was replaced
        TestNode.Ok(await after.Adopt("a", Second));
        TestNode.Ok(await after.Adopt("b", Second));
        Assert.Equal(MediaError.StaleEpoch, await stale.Rollback("a", 1));
        Assert.Equal(MediaError.StaleEpoch, await stale.Adopt("b", First));
        Assert.Null(await stale.Release("a", 1));
        Assert.Equal(MediaError.UnknownLeg, await after.Adopt("c", Second));
        await Hears(alice, a, bob);
        TestNode.Ok(await after.Connect(2, [new("a", "b")])); // bob is not heard any more
        await Hears(alice, a, bob);
        Assert.Equal(53, (await after.Release("a", 2))!.PacketsReceived);
        Assert.Equal(51, (await after.Release("b", 2))!.PacketsReceived);
    }

    [Fact]
    public async Task A_node_that_ends_is_told_of_with_its_boot_and_its_successor_has_none_of_the_legs()
    {
        await using var process = await MediaProcess.StartNew();
        var node = await process.Drive();
        var lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Lost += lost.SetResult;
        var boot = (await node.GetState()).Boot;
        TestNode.Ok(await node.CreateLeg("a", First, MediaProfile.Phone));
        var reading = node.ReadEvents("silo", 0, 10, TimeSpan.FromSeconds(30)).AsTask();

        await process.Kill();

        Assert.Equal(boot, await lost.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(await reading.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Null(node.State);
        Assert.Equal(MediaError.NodeAway, await node.Adopt("a", First));

        await process.Start(); // the socket that the killed one left is no obstacle
        await Eventually.Is(() => node.State is not null);
        Assert.NotEqual(boot, (await node.GetState()).Boot);
        Assert.Equal(MediaError.UnknownLeg, await node.Adopt("a", First));
        TestNode.Ok(await node.CreateLeg("a", First, MediaProfile.Phone));
    }

    [Fact]
    public async Task A_node_that_hangs_is_away_and_comes_back_with_its_legs()
    {
        await using var process = await MediaProcess.StartNew();
        var node = await process.Drive();
        var isLost = false;
        node.Lost += _ => isLost = true;
        TestNode.Ok(await node.CreateLeg("a", First, MediaProfile.Phone));

        process.Send(Signal.Stop);
        await Eventually.Is(async () => await node.Rollback("a", 1) is MediaError.NodeAway, TimeSpan.FromSeconds(30)); // one that was sent ends, too
        await Eventually.Is(() => node.State is null);

        process.Send(Signal.Continue);
        await Eventually.Is(() => node.State is not null);
        TestNode.Ok(await node.Rollback("a", 1));
        Assert.False(isLost);
    }

    private static async Task<(int A, int B)> Call(RemoteMediaNode node, Phone alice, Phone bob)
    {
        TestNode.Ok(await node.CreateLeg("a", First, MediaProfile.Phone));
        TestNode.Ok(await node.CreateLeg("b", First, MediaProfile.Phone));
        TestNode.Ok(await node.SetRemote("a", 1, alice.Description()));
        var offer = await node.CreateOffer("b", 1, "a");
        TestNode.Ok(await node.SetRemote("b", 1, bob.Description()));
        var answer = await node.CreateAnswer("a", 1, "b");
        TestNode.Ok(await node.Connect(1, [new("a", "b"), new("b", "a")]));
        return (TestNode.Port(answer), TestNode.Port(offer));
    }

    private static async Task Hears(Phone talker, int port, Phone listener)
    {
        var packet = Phone.Packet();
        talker.Send(packet, port);
        Assert.Equal(packet[12..], (await listener.Hear()).Packet[12..]);
    }
}
