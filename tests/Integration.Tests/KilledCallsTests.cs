using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary><c>kill -9</c> of the server in ten calls that talk: the small edition of <c>bench/run.sh kill</c>.</summary>
[Collection(ServerCollection.Name)]
public sealed class KilledCallsTests(ServerFixture fixture)
{
    private const int Calls = 10;

    [Fact]
    public async Task Ten_calls_talk_on_and_each_is_held_resumed_and_hung_up_with_its_own_record()
    {
        await using var node = await MediaNodeProcess.Start("media");
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, node.Settings);
        await using var phones = await TwoPhones.Start(server);
        var calls = new List<Talk>();
        try
        {
            while (calls.Count < Calls) calls.Add(await Talk.Start(phones));
            await HearMore(calls, 25);

            await server.Kill();
            await HearMore(calls, 50); // nobody controls it
            await server.Start();
            await HearMore(calls, 50);

            Assert.All(calls, talk => Assert.InRange(Math.Max(talk.Alice.WorstGap, talk.Bob.WorstGap), 0, 4)); // under 100 ms
            foreach (var talk in calls)
            {
                await talk.Change("sendonly", "recvonly", 2);
                await talk.Change("sendrecv", "sendrecv", 3);
            }

            await HearMore(calls, 25);
            for (var i = 0; i < Calls; i++) await calls[i].HangUp(byCallee: i % 2 == 1);
        }
        finally
        {
            foreach (var talk in calls) await talk.DisposeAsync();
        }

        using var user = await phones.Tenant.SignIn(100);
        await user.LastCall(Calls);
        var records = (await user.Calls()).Select(CallRecord.Of).ToList();
        Assert.All(records, record => Assert.Equal(("answered", "hangup", true), (record.Outcome, record.Reason, record.TalkMs >= 2000)));
        Assert.Equal(Calls / 2, records.Count(record => record.EndedBy == "callee"));
        Assert.Equal(Calls / 2, records.Count(record => record.EndedBy == "caller"));
        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), ports => ports == 0);
    }

    private static Task HearMore(List<Talk> calls, int packets) =>
        Task.WhenAll(calls.SelectMany(talk => new[] { talk.Alice.HearMore(packets), talk.Bob.HearMore(packets) }));

    private sealed class Talk(TwoPhones phones) : IAsyncDisposable
    {
        private readonly string _tag = TestPhone.Token();
        private OutgoingCall? _call;
        private SipMessage? _invite;

        public RtpPhone Alice { get; } = new();

        public RtpPhone Bob { get; } = new();

        private OutgoingCall Call => _call ?? throw new InvalidOperationException("Not started.");

        private SipMessage Invite => _invite ?? throw new InvalidOperationException("Not started.");

        public static async Task<Talk> Start(TwoPhones phones)
        {
            var talk = new Talk(phones);
            talk._call = await phones.Caller.Invite("101", TestPhone.Sdp(talk.Alice.Port));
            talk._invite = await phones.Callee.NextRequest("INVITE");
            await phones.Callee.Reply(talk._invite, 200, "OK", talk._tag, TestPhone.Sdp(talk.Bob.Port));
            var answer = await talk._call.Final();
            await phones.Callee.NextRequest("ACK");
            talk.Alice.TalkTo(answer.Body);
            talk.Bob.TalkTo(talk._invite.Body);
            return talk;
        }

        public async Task Change(string direction, string facing, int version)
        {
            var cseq = await Call.SendInDialog("INVITE", TestPhone.Sdp(Alice.Port, direction, version), $"Contact: {phones.Caller.Contact}\r\n");
            var reinvite = await phones.Callee.NextRequest("INVITE");
            Assert.Equal((Invite.CallId, _tag), (reinvite.CallId, reinvite.ToTag));
            Assert.Contains($"a={direction}", reinvite.Body, StringComparison.Ordinal);
            await phones.Callee.Reply(reinvite, 200, "OK", body: TestPhone.Sdp(Bob.Port, facing, version));
            var answer = await phones.Caller.Next(message => message.Status >= 200 && message.Method == "INVITE" && message.CallId == Call.CallId && message.CSeq == cseq);
            await Call.Acknowledge(answer);
            await phones.Callee.NextRequest("ACK");
            Assert.Equal(200, answer.Status);
            Assert.Contains($"a={facing}", answer.Body, StringComparison.Ordinal);
        }

        public async Task HangUp(bool byCallee)
        {
            if (!byCallee)
            {
                await Call.SendInDialog("BYE");
                await phones.Callee.Reply(await phones.Callee.NextRequest("BYE"), 200, "OK");
                return;
            }

            await phones.Callee.Send(phones.Callee.Request("BYE", Invite.Target, 1, Invite.CallId, _tag, phones.Caller.Account.Uri, Invite.FromTag));
            await phones.Caller.Reply(await phones.Caller.NextRequest("BYE"), 200, "OK");
        }

        public async ValueTask DisposeAsync()
        {
            await Alice.DisposeAsync();
            await Bob.DisposeAsync();
        }
    }
}
