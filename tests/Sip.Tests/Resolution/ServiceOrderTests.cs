namespace Telephony.Sip.Tests.Resolution;

/// <summary>RFC 2782: priority, and weight at random.</summary>
public class ServiceOrderTests
{
    private static DnsRecord[] Records(string text) => [.. Zone.Of(text).Find(new("s", DnsType.Srv))];

    private static string[] Order(string text, Random random) => [.. ServiceOrder.Of(Records(text), random).Select(record => record.Target)];

    [Fact]
    public void Lower_priorities_come_first_whatever_their_weight() =>
        Assert.Equal(["a", "b", "c"], Order("s SRV 9 65535 1 c\ns SRV 1 0 1 a\ns SRV 5 100 1 b", new Random(1)));

    [Fact]
    public void Weights_share_the_load()
    {
        var random = new Random(42);
        var first = Enumerable.Range(0, 10_000).Select(_ => Order("s SRV 0 70 1 a\ns SRV 0 20 1 b\ns SRV 0 10 1 c", random)).CountBy(order => order[0]).ToDictionary();

        Assert.InRange(first["a"], 6_800, 7_200);
        Assert.InRange(first["b"], 1_800, 2_200);
        Assert.InRange(first["c"], 800, 1_200);
    }

    [Fact]
    public void The_rest_is_shared_by_weight_again()
    {
        var random = new Random(42);
        var second = Enumerable.Range(0, 10_000).Select(_ => Order("s SRV 0 70 1 a\ns SRV 0 20 1 b\ns SRV 0 10 1 c", random))
            .Where(order => order[0] == "a").CountBy(order => order[1]).ToDictionary();

        Assert.InRange((double)second["b"] / second["c"], 1.7, 2.3);
    }

    [Fact]
    public void A_weight_of_0_is_seldom_first_among_others_and_all_are_tried()
    {
        var random = new Random(42);
        var orders = Enumerable.Range(0, 10_000).Select(_ => Order("s SRV 0 99 1 a\ns SRV 0 0 1 b", random)).ToArray();

        Assert.InRange(orders.Count(order => order[0] == "b"), 50, 160); // 1 of 100: only a 0 chooses it
        Assert.All(orders, order => Assert.Equal(["a", "b"], order.Order()));
    }

    [Fact]
    public void Weights_of_0_alone_and_largest_ones_are_well()
    {
        Assert.Equal(["a", "b"], Order("s SRV 0 0 1 a\ns SRV 0 0 1 b", new Random(1)).Order());
        Assert.Equal(200, Order(string.Join('\n', Enumerable.Range(0, 200).Select(number => $"s SRV 0 65535 1 a{number}")), new Random(1)).Length);
        Assert.Empty(Order("s SRV 0 0 0 .\ns SRV 0 0 0 port.zero", new Random(1)));
    }
}
