namespace Telephony.Media.Sdp;

/// <summary>Hold and resume, from one phone to the other (RFC 3264 §8.4, RFC 6337 §5.3).</summary>
public sealed class HoldTests
{
    [Theory]
    [InlineData("sendonly", "sendonly", "recvonly", "recvonly", MediaDirection.SendOnly)]
    [InlineData("sendonly", "sendonly", "inactive", "inactive", MediaDirection.Inactive)]
    [InlineData("inactive", "inactive", "inactive", "inactive", MediaDirection.Inactive)]
    [InlineData("recvonly", "recvonly", "sendonly", "sendonly", MediaDirection.ReceiveOnly)]
    [InlineData("sendrecv", "sendrecv", "sendonly", "sendonly", MediaDirection.ReceiveOnly)] // the other one holds
    [InlineData("sendonly", "sendonly", "sendrecv", "recvonly", MediaDirection.SendOnly)] // a phone that does not know better
    [InlineData("inactive", "inactive", "sendrecv", "inactive", MediaDirection.Inactive)]
    public void A_direction_goes_to_the_other_phone_and_its_answer_comes_back(string asked, string offered, string answered, string told, object agreed)
    {
        var (caller, callee) = (Side.With(Audio("")), new Side());

        caller.Reoffer(Audio($"a={asked}\n"));
        Assert.Equal([$"a={offered}"], Directions(callee.Offer(caller)));
        callee.Remote(Audio($"a={answered}\n"));
        Assert.Equal([$"a={told}"], Directions(caller.Answer(callee)));

        Assert.Equal((MediaDirection)agreed, caller.Agreement.Direction);
    }

    [Fact]
    public void Older_phones_hold_with_an_address_of_zeros()
    {
        var (caller, callee) = (Side.With(Audio("")), Side.With(Audio("")));
        caller.Answer(callee);

        caller.Reoffer(Samples.Audio("0.0.0.0", 4000));
        var offer = callee.Offer(caller);
        Assert.Equal(["a=sendonly"], Directions(offer));
        Assert.Equal(["c=IN IP4 203.0.113.5"], Side.Lines(offer, "c="));
        callee.Remote(Audio("a=recvonly\n"));
        Assert.Equal(["a=recvonly"], Directions(caller.Answer(callee)));
        Assert.Null(caller.Agreement.Rtp);
        Assert.Equal(MediaDirection.SendOnly, caller.Agreement.Direction); // music

        caller.Reoffer(Audio(""));
        Assert.Equal(["a=sendrecv"], Directions(callee.Offer(caller)));
        callee.Remote(Audio(""));
        caller.Answer(callee);
        Assert.Equal((MediaDirection.SendReceive, 4000), (caller.Agreement.Direction, caller.Agreement.Rtp!.Port));
    }

    [Fact]
    public void Both_may_hold_and_resume_one_after_the_other()
    {
        var (alice, bob) = (Side.With(Audio("")), Side.With(Audio("")));
        (Side From, Side To, string Asks, string Answers, string Told)[] moves =
        [
            (alice, bob, "sendonly", "recvonly", "recvonly"),
            (bob, alice, "sendonly", "inactive", "inactive"),
            (alice, bob, "sendrecv", "sendonly", "sendonly"), // alice resumes, bob still holds
            (bob, alice, "sendrecv", "sendrecv", "sendrecv"),
        ];

        foreach (var (from, to, asks, answers, told) in moves)
        {
            Assert.Equal(MediaError.None, from.Reoffer(Audio($"a={asks}\n")));
            Assert.Equal([$"a={asks}"], Directions(to.Offer(from)));
            Assert.Equal(MediaError.None, to.Remote(Audio($"a={answers}\n")));
            Assert.Equal([$"a={told}"], Directions(from.Answer(to)));
        }
    }

    [Fact]
    public void A_refused_hold_changes_nothing()
    {
        var (alice, bob) = (Side.With(Audio("")), Side.With(Audio("")));
        alice.Answer(bob);
        alice.Reoffer(Audio("a=inactive\n"));
        bob.Offer(alice);

        alice.Session.Rollback();
        bob.Session.Rollback();

        Assert.Equal(MediaDirection.SendReceive, alice.Agreement.Direction);
        Assert.Equal(["a=sendrecv"], Directions(bob.Offer(alice)));
    }

    [Fact]
    public void An_offer_that_begins_on_hold_is_answered_so()
    {
        var caller = Side.With(Audio("a=sendonly\n"));

        Assert.Equal(["a=recvonly"], Directions(caller.Answer(Side.With(Audio("")))));
    }

    private static string[] Directions(string sdp) => [.. Side.Lines(sdp, "a=").Where(l => MediaDirections.Find(l.AsSpan(2)) is not null)];

    private static byte[] Audio(string more) => Samples.Audio("192.0.2.1", 4000, more);
}
