using System.Runtime.CompilerServices;

namespace Telephony.Sip.Tests.Defence;

public class FixedTableTests
{
    [Fact]
    public void What_matters_most_stays_while_the_table_is_flooded()
    {
        var table = new FixedTable<Source>(1024);
        table.Get(7).BannedUntil = long.MaxValue;

        for (ulong key = 100; key < 100_000; key++) table.Get(key).Messages = (long)key;

        Assert.Equal(long.MaxValue, table.Find(7).BannedUntil);
        Assert.Equal(1024, table.Entries.Length);
        Assert.True(Unsafe.IsNullRef(ref table.Find(99)));
    }

    [Fact]
    public void Keys_of_one_network_spread_over_the_table()
    {
        var table = new FixedTable<Source>(4096);
        var first = SourceKey.Of(System.Net.IPAddress.Parse("198.51.100.0"));
        for (ulong at = 0; at < 1024; at++) table.Get(first + at).Messages = 1;

        var kept = 0;
        for (ulong at = 0; at < 1024; at++) kept += Unsafe.IsNullRef(ref table.Find(first + at)) ? 0 : 1;
        Assert.InRange(kept, 1000, 1024);
    }
}
