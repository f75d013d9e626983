using Telephony.Grains.Tests.Fakes;
using Telephony.Sip;

namespace Telephony.Grains.Tests.Signalling;

public class SipDispatcherTests
{
    [Fact]
    public async Task Options_tells_what_this_server_can_do()
    {
        await using var world = World.Start();

        var answer = Ask(world, SipMethod.Options);

        Assert.Equal((200, "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REGISTER"), (answer.Status, answer.Header("Allow")));
        Assert.Equal(("application/sdp", "100rel, timer, path, outbound"), (answer.Header("Accept"), answer.Header("Supported")));
    }

    [Theory]
    [InlineData("BYE", 481)]
    [InlineData("UPDATE", 481)]
    [InlineData("MESSAGE", 405)]
    [InlineData("!odd", 405)]
    public async Task What_belongs_to_no_dialog_or_is_not_done_is_refused(string method, int status)
    {
        await using var world = World.Start();

        var answer = Ask(world, SipMethod.Of(method));

        Assert.Equal(status, answer.Status);
        Assert.NotNull(answer.Header("Allow"));
    }

    private static SipResponse Ask(World world, SipMethod method)
    {
        var request = SipRequest.Create(method, $"sip:{FakeConfiguration.Domain}").Add("Via", "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1")
            .Add("From", "<sip:a@b>;tag=a").Add("To", $"<sip:{FakeConfiguration.Domain}>").Add("Call-ID", "o").CSeq(1).Build();
        world.Network.OnRequest(new(FakeEdge.Name, "o1", request, World.Flow(5070)));
        return Assert.Single(world.Edge.Responses).Item2;
    }
}
