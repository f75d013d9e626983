namespace Telephony.Media.Audio;

public sealed class TickClockTests
{
    [Theory]
    [InlineData(0, 1, 1, 0)]
    [InlineData(19, 1, 1, 0)]
    [InlineData(20, 2, 1, 0)] // a period late: made up for
    [InlineData(99, 5, 1, 0)]
    [InlineData(200, 5, 7, 6)] // 11 are due: 6 are left out
    [InlineData(3_600_000, 5, 179_997, 179_996)]
    public void Who_is_late_catches_up_by_five_ticks_at_most_and_stays_on_the_grid(long late, int ticks, int first, long skipped)
    {
        var clock = new TickClock(frequency: 1000, start: 1000);

        Assert.Equal(0, clock.Take(999, out _));
        Assert.Equal(ticks, clock.Take(1000 + late, out var stands));

        Assert.Equal(first, stands);
        Assert.Equal(skipped, clock.Skipped);
        Assert.Equal(0, (clock.Next - 1000) % 20);
        Assert.True(clock.Next > 1000 + late);
    }
}
