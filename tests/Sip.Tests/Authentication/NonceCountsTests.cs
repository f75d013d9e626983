namespace Telephony.Sip.Tests.Authentication;

public class NonceCountsTests
{
    [Fact]
    public void As_many_nonces_are_remembered_as_there_is_room_for()
    {
        var counts = new NonceCounts(1024);
        var serials = Enumerable.Range(0, 1024).Select(at => long.MaxValue - 500 + at).ToList();
        foreach (var serial in serials) Assert.Equal(DigestResult.Ok, counts.Use(serial, madeAt: 1, count: 1));

        Assert.All(serials, serial => Assert.Equal(DigestResult.Ok, counts.Use(serial, madeAt: 1, count: 2)));
        Assert.All(serials, serial => Assert.Equal(DigestResult.Replayed, counts.Use(serial, madeAt: 1, count: 2)));
    }
}
