using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

/// <summary>Copies, losses and messages in any order: each is told once, and nothing is left over. A seed repeats a failure.</summary>
public class RandomOrderTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_server_tells_each_thing_once_and_leaves_nothing(int seed)
    {
        var random = new Random(seed);
        await using var edge = new EdgeFixture();
        var peer = new FakeChannel(random.Next(4) == 0 ? SipTransport.Tcp : SipTransport.Udp);
        edge.OnRequestDo = request =>
        {
            if (random.Next(2) == 0) edge.Edge.Claim(request.Transaction, "o" + request.Request.Vias[0].Branch);
            if (random.Next(8) == 0) edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, 486, toTag: "bt").Build());
        };
        for (var step = 0; step < 150; step++)
        {
            var call = random.Next(3);
            string Of(string method, string suffix = "", string toTag = "") => Invite($"z9hG4bK{call}{suffix}", method, cseq: 1, callId: "c" + call, toTag: toTag);
            switch (random.Next(9))
            {
                case 0 or 1: edge.Receive(Of("INVITE"), peer); break;
                case 2: edge.Receive(Of("OPTIONS", "o"), peer); break;
                case 3: edge.Receive(Of("CANCEL"), peer); break;
                case 4: edge.Receive(Of("ACK", random.Next(2) == 0 ? "" : "other", "bt"), peer); break;
                case 5 or 6:
                    if (edge.Heard<SipRequestReceived>() is [.., _] heard)
                    {
                        var one = heard[random.Next(heard.Count)];
                        edge.Edge.Claim(one.Transaction, "o" + one.Request.Vias[0].Branch);
                        var status = random.GetItems([180, 183, 200, 404, 487, 603], 1)[0];
                        edge.Edge.Respond(one.Transaction, SipResponse.For(one.Request, status, toTag: "bt").Build());
                    }

                    break;
                default: edge.Time.Advance(random.Next(1, 3000)); break;
            }
        }

        edge.Time.Advance(TimeSpan.FromMinutes(20));

        Assert.Empty(edge.Faults);
        Assert.Equal((0, 0, 0), edge.Edge.Open);
        Assert.Distinct(edge.Heard<SipAckReceived>().Select(ack => ack.Transaction + ack.Ack.Wire.Length).Concat(edge.Heard<SipAckTimedOut>().Select(ack => ack.Transaction + "t")));
        Assert.All(peer.Responses(), response => Assert.InRange(response.Status, 100, 699));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_client_hears_one_final_response_of_each_fork_and_leaves_nothing(int seed)
    {
        var random = new Random(seed);
        await using var edge = new EdgeFixture();
        using var peer = new UdpPeer();
        var wire = new FakeChannel();
        var sent = new List<SipRequest>();
        for (var step = 0; step < 120; step++)
        {
            var name = "t" + random.Next(3);
            switch (random.Next(8))
            {
                case 0:
                    edge.Edge.Send(name, SipRequest.Create(random.Next(3) == 0 ? SipMethod.Options : SipMethod.Invite, "sip:bob@" + peer.EndPoint)
                        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>").Add("Call-ID", "x" + step).CSeq(7).Build(), peer.Flow, "leg");
                    break;
                case 1: edge.Edge.Cancel(name); break;
                case 2 or 3 or 4 when sent.Count > 0:
                    var request = sent[random.Next(sent.Count)];
                    var status = random.GetItems([100, 180, 200, 200, 404, 487], 1)[0];
                    edge.Receive(SipResponse.For(request, status, toTag: "f" + random.Next(2)).Build(), wire);
                    break;
                case 5 when sent.Count > 0:
                    edge.Edge.Acknowledge(name, SipRequest.Create(SipMethod.Ack, "sip:bob@" + peer.EndPoint)
                        .Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:b@c>;tag=f0").Add("Call-ID", "x").CSeq(7).Build(), peer.Flow);
                    break;
                default: edge.Time.Advance(random.Next(1, 3000)); break;
            }

            while (peer.TryReceive() is { } arrived)
            {
                if (arrived.Method != SipMethod.Ack) sent.Add(arrived);
            }
        }

        edge.Time.Advance(TimeSpan.FromMinutes(20));

        Assert.Empty(edge.Faults);
        Assert.Equal((0, 0, 0), edge.Edge.Open);
        var finals = edge.Heard<SipResponseReceived>().Where(heard => heard.Response.IsFinal)
            .Select(heard => heard.Response.CallId + (heard.Response.IsSuccess ? heard.Response.To.Tag : "failed") + heard.Response.CSeq.Method);
        Assert.Distinct(finals);
    }

    [Fact]
    public async Task Messages_that_were_tampered_with_cause_no_fault()
    {
        var random = new Random(20260102);
        await using var edge = new EdgeFixture();
        var peer = new FakeChannel();
        edge.OnRequestDo = request => edge.Edge.Respond(request.Transaction, SipResponse.For(request.Request, 200).Build());
        var seeds = new[]
        {
            Invite("z9hG4bK1;rport"), Invite("z9hG4bK1", "ACK", toTag: "b"), Invite("z9hG4bK1", "CANCEL"), Invite("z9hG4bK;received=1.1.1.1;rport=7", "REGISTER"),
            Invite("", "BYE", more: "Require: path\nRoute: <sip:a;lr>\n"), SipResponse.For(Request(Invite()), 200).Build().ToString(),
        };
        for (var round = 0; round < 5000; round++)
        {
            var bytes = Bytes(seeds[round % seeds.Length]);
            for (var change = random.Next(0, 5); change > 0; change--)
            {
                var at = random.Next(bytes.Length);
                bytes = random.Next(3) switch
                {
                    0 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(6))..]],
                    1 => [.. bytes[..at], .. bytes[Math.Max(0, at - random.Next(20))..]],
                    _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                };
            }

            edge.Edge.Receiver.OnMessage(bytes, peer);
            if (round % 100 == 0) edge.Time.Advance(1000);
        }

        Assert.Empty(edge.Faults);
        edge.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((0, 0, 0), edge.Edge.Open);
    }
}
