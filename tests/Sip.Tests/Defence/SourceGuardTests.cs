using System.Net;
using System.Net.Sockets;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Defence;

public class SourceGuardTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("192.0.2.1"); // who a FakeChannel is

    private static EdgeFixture Start(string allow = "", int burst = 1000, bool enabled = true) => new(options =>
    {
        options.Defence.Enabled = enabled;
        options.Defence.Allow = allow;
        options.Defence.Burst = burst;
        options.Defence.Offences = 5;
    });

    private static void Garbage(EdgeFixture edge, int count)
    {
        for (var sent = 0; sent < count; sent++) edge.Receive("what is this", new FakeChannel());
    }

    [Fact]
    public async Task Who_sends_garbage_is_banned_for_its_time()
    {
        await using var edge = Start();
        var from = new IPEndPoint(Stranger, 5060).Serialize();

        Garbage(edge, 5);
        Assert.True(edge.Edge.Receiver.Admits(from));
        Garbage(edge, 1);

        Assert.False(edge.Edge.Receiver.Admits(from));
        Assert.False(edge.Edge.Receiver.Admits(Stranger));
        Assert.True(edge.Edge.Receiver.Admits(IPAddress.Parse("192.0.2.2")));
        edge.Time.Advance(edge.Options.Defence.BanTime);
        Assert.True(edge.Edge.Receiver.Admits(from));
        Assert.True(edge.Edge.Receiver.Admits(Stranger));
    }

    [Fact]
    public async Task Who_guesses_is_banned_when_the_owner_reports_it()
    {
        await using var edge = Start();
        for (var tried = 0; tried < 6; tried++) edge.Edge.Report(new(SipTransport.Udp, $"192.0.2.1:{5000 + tried}"), Offence.WrongPassword);

        Assert.False(edge.Edge.Receiver.Admits(Stranger));
        edge.Edge.Report(new(SipTransport.Udp, "no address"), Offence.WrongPassword);
    }

    [Fact]
    public async Task Loopback_and_whoever_is_allowed_are_never_banned()
    {
        await using var usual = new EdgeFixture(options => options.Defence = new() { Offences = 1 });
        await using var allowing = Start(allow: "192.0.2.0/24");
        await using var off = Start(enabled: false);

        for (var tried = 0; tried < 100; tried++)
        {
            foreach (var remote in (string[])["127.0.0.9:5060", "[::1]:5060"]) usual.Edge.Report(new(SipTransport.Udp, remote), Offence.Malformed);
            allowing.Edge.Report(new(SipTransport.Udp, "192.0.2.1:5060"), Offence.Malformed);
            off.Edge.Report(new(SipTransport.Udp, "192.0.2.1:5060"), Offence.Malformed);
        }

        Assert.True(usual.Edge.Receiver.Admits(IPAddress.Loopback));
        Assert.True(usual.Edge.Receiver.Admits(IPAddress.IPv6Loopback));
        Assert.True(allowing.Edge.Receiver.Admits(Stranger));
        Assert.True(off.Edge.Receiver.Admits(Stranger));
    }

    [Fact]
    public async Task Datagrams_of_who_is_banned_are_not_read_and_others_are()
    {
        await using var edge = Start();
        using var peer = new UdpPeer();
        for (var sent = 0; sent < 6; sent++) peer.Send("REGISTER nonsense\r\n\r\n"u8.ToArray(), edge.EndPoint);
        await Eventually(() => !edge.Edge.Receiver.Admits(IPAddress.Loopback));
        peer.Drain();

        peer.Send(Bytes(Invite(method: "OPTIONS")), edge.EndPoint);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        other.SendTo(Bytes(Invite(branch: "z9hG4bK7", method: "OPTIONS", callId: "other")), edge.EndPoint);

        Assert.Equal("other", (await edge.Next<SipRequestReceived>()).Request.CallId); // sent after the banned one, and read by one thread
        Assert.Single(edge.Heard<SipRequestReceived>());
    }

    [Fact]
    public async Task Connections_of_who_is_banned_are_refused_and_open_ones_end()
    {
        await using var edge = Start();
        using var open = new TcpClient();
        await open.ConnectAsync(edge.EndPoint);
        await open.GetStream().WriteAsync(Bytes(Invite(method: "OPTIONS")));
        await edge.Next<SipRequestReceived>();

        for (var tried = 0; tried < 6; tried++) edge.Edge.Report(new(SipTransport.Tcp, "127.0.0.1:5060"), Offence.UnknownUser);
        await open.GetStream().WriteAsync(Bytes(Invite(branch: "z9hG4bK2", method: "OPTIONS")));
        using var late = new TcpClient();
        await late.ConnectAsync(edge.EndPoint);

        Assert.True(await Ends(open));
        Assert.True(await Ends(late));
        Assert.Single(edge.Heard<SipRequestReceived>());
    }

    [Fact]
    public async Task A_flood_on_a_connection_is_thinned_and_then_ends_it()
    {
        await using var edge = Start(burst: 10);
        var channel = new FakeChannel(SipTransport.Tcp);
        bool Send(int number) => edge.Edge.Receiver.OnMessage(Bytes(Invite(branch: $"z9hG4bK{number}", method: "OPTIONS", callId: $"c{number}")), channel);

        Assert.All(Enumerable.Range(0, 20), number => Assert.True(Send(number)));
        Assert.False(Send(20));
        Assert.Equal(10, edge.Heard<SipRequestReceived>().Count);
    }

    [Fact]
    public async Task Asking_allocates_nothing()
    {
        await using var edge = Start();
        var from = new IPEndPoint(Stranger, 5060).Serialize();
        edge.Edge.Receiver.Admits(from);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var asked = 0; asked < 100; asked++) edge.Edge.Receiver.Admits(from);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task<bool> Ends(TcpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        try
        {
            while (await client.GetStream().ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // a reset is an end too
        }

        return true;
    }

    private static async Task Eventually(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
    }
}
