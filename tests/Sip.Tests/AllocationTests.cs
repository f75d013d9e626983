using System.Net;
using System.Text;

namespace Telephony.Sip.Tests;

/// <summary>What the hot path leaves for the garbage collector: nothing, whatever the time it takes.</summary>
public class AllocationTests
{
    [Fact]
    public async Task A_copy_of_a_request_is_absorbed_and_answered_again_without_garbage()
    {
        await using var edge = new EdgeFixture();
        edge.OnRequestDo = input => edge.Edge.Respond(input.Transaction, SipResponse.For(input.Request, 200).Build());
        var channel = new CountingChannel();
        var options = Message("OPTIONS");

        var allocated = Allocated(() => edge.Edge.Receiver.OnMessage(options, channel));

        Assert.Single(edge.Heard<SipRequestReceived>());
        Assert.Equal(3 * Rounds + 1, channel.Sent);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("nonsense")]
    [InlineData("HTTP/1.1 200 OK\r\nDate: today\r\n\r\n")]
    [InlineData("OPTIONS sip:192.0.2.1 SIP/2.0\r\nTo: <sip:a@b>\r\n\r\n")]
    public async Task Keep_alives_and_what_is_no_message_are_dropped_without_garbage(string text)
    {
        await using var edge = new EdgeFixture();
        var channel = new CountingChannel();
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(0, Allocated(() => edge.Edge.Receiver.OnMessage(bytes, channel)));
        Assert.Equal(0, channel.Sent);
    }

    [Theory]
    [InlineData("OPTIONS sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;rport\r\nTo: <sip:a@b>\r\n\r\n")]
    [InlineData("OPTIONS sip:192.0.2.1 SIP/7.0\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nTo: <sip:a@b>\r\nFrom: <sip:a@b>;tag=1\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n")]
    public async Task A_malformed_request_is_refused_without_garbage(string text)
    {
        await using var edge = new EdgeFixture();
        var channel = new CountingChannel();
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(0, Allocated(() => edge.Edge.Receiver.OnMessage(bytes, channel)));
        Assert.Equal(3 * Rounds + 1, channel.Sent);
    }

    internal const int Rounds = 1000;

    /// <summary>Bytes that a thousand rounds leave, after a first one. Pools are refilled now and then, so the best of three counts.</summary>
    internal static long Allocated(Action round)
    {
        round();
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var at = 0; at < Rounds; at++) round();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    private static byte[] Message(string method) => TestMessages.Bytes($"""
        {method} sip:192.0.2.9 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKcopy;rport
        From: <sip:a@example.com>;tag=a
        To: <sip:b@example.com>
        Call-ID: copy
        CSeq: 1 {method}
        Content-Length: 0


        """);

    internal sealed class CountingChannel() : Channel(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060))
    {
        public override SipFlow Flow { get; } = new(SipTransport.Udp, "192.0.2.1:5060", Edge: "sip");

        public int Sent { get; private set; }

        public override bool TrySend(ReadOnlyMemory<byte> message) => TrySend(message.Span);

        public override bool TrySend(ReadOnlySpan<byte> message)
        {
            Sent++;
            return true;
        }
    }
}
