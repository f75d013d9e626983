namespace Telephony.Media.Relay;

/// <summary>Counts what the whole process has open, so nothing else may run meanwhile.</summary>
[Collection("alone")]
public sealed class LeakTests
{
    [Fact]
    public async Task Neither_full_ranges_nor_refused_commands_nor_whole_lives_leave_a_descriptor_open()
    {
        using var phone = new Phone();
        await Live(phone);
        var before = Descriptors();

        for (var i = 0; i < 5; i++) await Live(phone);

        Assert.Equal(before, Descriptors());
    }

    private static async Task Live(Phone phone)
    {
        await using var test = new TestNode(pairs: 4);
        for (var round = 0; round < 10; round++)
        {
            await test.Call(phone, phone, "1");
            await test.Call(phone, phone, "2");
            for (var i = 0; i < 20; i++) Assert.Equal(MediaError.NoPorts, await test.Node.CreateLeg("x", TestNode.Owner, MediaProfile.Phone));
            Assert.Equal(MediaError.BadDescription, await test.Node.SetRemote("1a", 1, "nonsense"u8.ToArray()));
            foreach (var leg in (string[])["1a", "1b", "2a"]) await test.Node.Release(leg, 1);
            await test.Time.Advance(TimeSpan.FromSeconds(60)); // 2b by its lease
            await Testing.Eventually.Is(() => test.Node.FreePairs == 4);
        }
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
