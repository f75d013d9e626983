using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.RemoteControls;

public class RemoteControlTests
{
    private static readonly Dialog Dialog = Dialog.FromRequest(Request(Invite()), "b1");

    [Theory]
    [InlineData("Allow-Events: talk, hold, conference\n", true, true)]
    [InlineData("u: Talk\n", true, false)]
    [InlineData("", false, false)]
    public void A_phone_says_whether_it_obeys(string headers, bool talk, bool hold)
    {
        var invite = Request(Invite(more: headers));

        Assert.Equal((talk, hold), (RemoteControl.IsAllowed(invite, RemoteAction.Talk), RemoteControl.IsAllowed(invite, RemoteAction.Hold)));
    }

    [Theory]
    [InlineData(RemoteAction.Talk, "talk")]
    [InlineData(RemoteAction.Hold, "hold")]
    public void A_phone_is_told_within_its_call(RemoteAction action, string package)
    {
        var notify = RemoteControl.Tell(Dialog, action, "<sip:pbx@h>", out var after).Build();

        Assert.Equal(("NOTIFY", package, "active", 1u), (notify.Method.Name, notify.Header("Event"), notify.Header("Subscription-State"), after.LocalSequence));
        Assert.Equal(("b1", "a1", 0), (notify.From.Tag, notify.To.Tag, notify.Body.Length));
        Assert.Equal(action, RemoteControl.Of(notify));
    }

    [Theory]
    [InlineData("NOTIFY", "Event: refer\n")]
    [InlineData("NOTIFY", "")]
    [InlineData("NOTIFY", "Event: a b\n")]
    [InlineData("SUBSCRIBE", "Event: talk\n")]
    public void Something_else_tells_nothing(string method, string headers) => Assert.Null(RemoteControl.Of(Request(Invite(method: method, more: headers))));

    [Theory]
    [InlineData(true, "check-sync;reboot=true")]
    [InlineData(false, "check-sync;reboot=false")]
    public void A_phone_is_made_to_fetch_its_configuration(bool reboot, string expected)
    {
        var notify = RemoteControl.CheckSync(new("c9", "s1", "", "<sip:pbx@h>", "<sip:phone@h>", "sip:phone@192.0.2.5:5062", 0, null, []), reboot, "<sip:pbx@h>").Build();

        Assert.Equal((expected, "terminated", "sip:phone@192.0.2.5:5062", null), (notify.Header("Event"), notify.Header("Subscription-State"), notify.RequestUri.ToString(), notify.To.Tag));
    }
}
