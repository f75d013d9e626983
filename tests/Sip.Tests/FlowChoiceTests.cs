namespace Telephony.Sip.Tests;

public class FlowChoiceTests
{
    [Theory]
    [InlineData("sip:100@192.0.2.1:5070", "192.0.2.1:6000", "192.0.2.1:5070")] // registers from another port than it listens on
    [InlineData("sip:100@192.0.2.1", "192.0.2.1:6000", "192.0.2.1:5060")]
    [InlineData("sip:100@10.0.0.7:5070", "192.0.2.1:6000", "192.0.2.1:6000")] // behind a NAT
    [InlineData("sip:100@phone.local:5070", "192.0.2.1:6000", "192.0.2.1:6000")]
    [InlineData("sip:100@[2001:db8::1]:5070", "[2001:db8::1]:6000", "[2001:db8::1]:5070")]
    [InlineData("sip:100@192.0.2.1:5070;transport=tcp", "192.0.2.1:6000", "192.0.2.1:6000")]
    [InlineData("sip:100@192.0.2.1:5070;ob", "192.0.2.1:6000", "192.0.2.1:6000")] // RFC 5626 §4.3
    public void Over_udp_the_contact_holds_unless_its_owner_is_behind_a_nat(string contact, string heardFrom, string expected) =>
        Assert.Equal(expected, FlowChoice.Toward(contact, new SipFlow(SipTransport.Udp, heardFrom)).Remote);

    [Fact]
    public void The_flows_of_one_instance_are_one_branch_the_freshest_first() // RFC 5626 §5.3
    {
        Binding[] bindings = [Of("a1", "i1", 10), Of("b", null, 20), Of("a2", "i1", 30), Of("c", "i2", 5), Of("d", null, 1)];

        Assert.Equal(["a2 a1", "b", "c", "d"], FlowChoice.Branches(bindings).Select(branch => string.Join(' ', branch.Select(binding => binding.Contact))));

        static Binding Of(string contact, string? instance, int seconds) =>
            new(contact, "", instance, instance is null ? null : seconds, 1, DateTimeOffset.UnixEpoch.AddSeconds(seconds), "c", 1, [], null, null);
    }

    [Fact]
    public void A_connection_is_used_again()
    {
        var flow = new SipFlow(SipTransport.Tcp, "192.0.2.1:40000", 7);

        Assert.Same(flow, FlowChoice.Toward("sip:100@192.0.2.1:5060", flow));
    }
}
