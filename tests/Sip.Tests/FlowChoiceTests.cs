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
    public void Over_udp_the_contact_holds_unless_its_owner_is_behind_a_nat(string contact, string heardFrom, string expected) =>
        Assert.Equal(expected, FlowChoice.Toward(contact, new SipFlow(SipTransport.Udp, heardFrom)).Remote);

    [Fact]
    public void A_connection_is_used_again()
    {
        var flow = new SipFlow(SipTransport.Tcp, "192.0.2.1:40000", 7);

        Assert.Same(flow, FlowChoice.Toward("sip:100@192.0.2.1:5060", flow));
    }
}
