using Telephony.Media.Relay;
using static Telephony.Media.Relay.TestNode;

namespace Telephony.Media.Dtls;

/// <summary>A browser's leg of a call with a plain phone, from descriptions to packets.</summary>
public sealed class DtlsLegTests : IDisposable
{
    private readonly TestNode _node = new();
    private readonly Phone _phone = new();
    private SecurePeer _browser = new();
    private string _ours = ""; // our description for the browser
    private int _phonePort;

    public void Dispose()
    {
        _browser.Dispose();
        _phone.Dispose();
        _node.Node.Dispose();
    }

    [Theory, Trait("RFC", "5764 4"), InlineData("actpass"), InlineData("active"), InlineData("passive")]
    public async Task A_browser_that_offers_talks_with_a_phone(string setup)
    {
        await BrowserCalls(setup);

        Connect(isNodeClient: setup == "passive");
        await Told(MediaEventKind.TransportReady);
        await Talk();
    }

    [Theory, Trait("RFC", "5764 4"), InlineData("active"), InlineData("passive")]
    public async Task A_browser_that_is_called_talks_with_a_phone(string setup)
    {
        await PhoneCalls(setup);

        Connect(isNodeClient: setup == "passive");
        await Told(MediaEventKind.TransportReady);
        await Talk();
    }

    [Fact, Trait("RFC", "6347 4.2.4")]
    public async Task Lost_datagrams_of_the_handshake_are_sent_again()
    {
        await BrowserCalls("actpass");
        _browser.Lose = 2;

        Connect(isNodeClient: false);
        await Talk();
    }

    [Fact, Trait("RFC", "8122 5")]
    public async Task Another_certificate_than_the_described_one_fails()
    {
        _browser = new SecurePeer(fingerprint: SecurePeer.OtherFingerprint);
        await BrowserCalls("active");
        Assert.True(_browser.Check(_ours));
        _browser.BeginDtls(isClient: true);

        Assert.Contains("certificate", (await Told(MediaEventKind.TransportFailed)).Subject, StringComparison.Ordinal);
        Assert.Null(_node.Node.Leg("a").Transport.Security!.Receiver);
        Assert.Null(_node.Node.Leg("a").Transport.Security!.Rtp);
    }

    [Fact, Trait("RFC", "5764 4.2")]
    public async Task Nothing_in_clear_reaches_the_phone_or_the_browser()
    {
        await BrowserCalls("actpass");
        Assert.True(_browser.Check(_ours));

        _browser.Send(Phone.Packet());
        _phone.Send(Phone.Packet(), _phonePort);
        Connect(isNodeClient: false);
        _browser.Send(Phone.Packet());
        await Talk(); // and this is the first that arrives
    }

    [Fact, Trait("RFC", "8445 2.4")]
    public async Task An_ICE_restart_keeps_the_keys_and_moves_to_the_new_address()
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();

        var before = _ours;
        _browser.Credentials = new("news", "another-password-of-24-ch");
        await Reoffer();
        Assert.NotEqual(before, _ours);
        await Talk(); // before any new check
        Assert.True(_browser.Check(before)); // the old one is good until the new has been used
        Assert.True(_browser.Check(_ours));
        await Talk();
    }

    [Fact, Trait("RFC", "8842 5.5")]
    public async Task A_page_that_was_reloaded_begins_anew()
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();

        using var old = _browser;
        _browser = new SecurePeer(new DtlsContext()) { Credentials = new("news", "another-password-of-24-ch") };
        await Reoffer();
        Connect(isNodeClient: false);
        await Talk();
    }

    [Theory, Trait("RFC", "3264 8.4"), InlineData("sendonly"), InlineData("inactive")]
    public async Task Hold_keeps_DTLS_and_ICE(string direction)
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();

        await Reoffer(direction);
        await Reoffer();
        await Talk();
    }

    [Fact, Trait("RFC", "6347 4.2.2")]
    public async Task A_browser_that_closes_is_told_at_once()
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();

        _browser.Close();

        Assert.Contains("closed", (await Told(MediaEventKind.TransportFailed)).Subject, StringComparison.Ordinal);
    }

    [Fact, Trait("RFC", "6347 4.2.2")]
    public async Task A_leg_that_is_released_says_goodbye()
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();

        await _node.Node.Release("a", 1);

        for (var wait = new SpinWait(); _browser.State != DtlsState.Closed && wait.Count < 10_000;) wait.SpinOnce();
        Assert.Equal(DtlsState.Closed, _browser.State);
        Assert.Equal(49, _node.Node.FreePairs);
    }

    [Theory, Trait("RFC", "5763 6"), InlineData("actpass"), InlineData("passive")]
    public async Task A_phone_with_DTLS_and_without_ICE_talks(string setup)
    {
        _browser.HasIce = false;
        await BrowserCalls(setup);

        _browser.NodePort = Port(new(MediaError.None, System.Text.Encoding.ASCII.GetBytes(_ours)));
        _browser.BeginDtls(isClient: setup != "passive");
        _browser.AwaitKeys();
        await Talk();
    }

    [Fact, Trait("RFC", "7675 5.1")]
    public async Task Checks_that_stop_are_told_of_and_nothing_more_is_sent_until_they_come_again()
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();
        await _node.Advance(32);

        Assert.Contains("checks", (await Told(MediaEventKind.TransportFailed)).Subject, StringComparison.Ordinal);

        Assert.True(_browser.Check(_ours));
        await Talk();
    }

    [Fact]
    public async Task A_browser_that_never_comes_is_told_of()
    {
        await BrowserCalls("actpass");
        await _node.Advance(32);

        Assert.Contains("no connectivity check", (await Told(MediaEventKind.TransportFailed)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_floods_and_replays_are_dropped_and_the_call_goes_on()
    {
        await BrowserCalls("actpass");
        Connect(isNodeClient: false);
        await Talk();
        var replayed = _browser.Protect(Phone.Packet());
        _browser.Send(replayed);
        await _phone.Hear();
        var dropped = _node.Node.Leg("a").Transport.Dropped;

        var random = new Random(5);
        using var stranger = new SecurePeer();
        stranger.Check(_ours, nominates: false);
        for (var i = 0; i < 3000; i++)
        {
            var garbage = new byte[random.Next(0, 300)];
            random.NextBytes(garbage);
            if (garbage.Length > 0) garbage[0] = (byte)((i % 4) switch { 0 => random.Next(0, 4), 1 => random.Next(20, 26), 2 => random.Next(128, 192), _ => random.Next(256) });
            if (garbage.Length > 1 && i % 4 == 1) garbage[1] = 0xfe;
            (i % 2 == 0 ? _browser : stranger).Send(garbage);
            if (i % 100 == 0) _browser.Send(replayed);
            if (i % 50 == 0) await _node.Node.Topology.Quiesce(); // the socket's buffer is not what is tested
        }

        Assert.True(_phone.HeardNothing);
        await Talk();
        Assert.True(_node.Node.Leg("a").Transport.Dropped > dropped + 1000);
    }

    private async Task BrowserCalls(string setup)
    {
        Ok(await _node.Node.CreateLeg("a", Owner, MediaProfile.Browser));
        Ok(await _node.Node.CreateLeg("b", Owner, MediaProfile.Phone));
        Ok(await _node.Node.SetRemote("a", 1, _browser.Description(setup)));
        _phonePort = Port(await _node.Node.CreateOffer("b", 1, "a"));
        Ok(await _node.Node.SetRemote("b", 1, _phone.Description()));
        _ours = Ok(await _node.Node.CreateAnswer("a", 1, "b"));
        Ok(await _node.Node.Connect(1, [new MediaPath("a", "b"), new MediaPath("b", "a")]));
    }

    private async Task PhoneCalls(string setup)
    {
        Ok(await _node.Node.CreateLeg("a", Owner, MediaProfile.Browser));
        Ok(await _node.Node.CreateLeg("b", Owner, MediaProfile.Phone));
        Ok(await _node.Node.SetRemote("b", 1, _phone.Description()));
        _ours = Ok(await _node.Node.CreateOffer("a", 1, "b"));
        Ok(await _node.Node.SetRemote("a", 1, _browser.Description(setup)));
        _phonePort = Port(await _node.Node.CreateAnswer("b", 1, "a"));
        Ok(await _node.Node.Connect(1, [new MediaPath("a", "b"), new MediaPath("b", "a")]));
    }

    private async Task Reoffer(string direction = "sendrecv")
    {
        Ok(await _node.Node.SetOffer("a", 1, _browser.Description("actpass", direction)));
        _ours = Ok(await _node.Node.CreateAnswer("a", 1, "b"));
    }

    private void Connect(bool isNodeClient)
    {
        if (isNodeClient) _browser.BeginDtls(isClient: false);
        Assert.True(_browser.Check(_ours));
        if (!isNodeClient) _browser.BeginDtls(isClient: true);
        _browser.AwaitKeys();
    }

    // both ways; what the browser sends right after its handshake may come before the node's thread has put the keys in
    private async Task Talk()
    {
        var (sent, heard) = (Phone.Packet(), Array.Empty<byte>());
        for (var i = 0; i < 300 && heard.Length == 0; i++)
        {
            sent = NextPacket();
            _browser.Send(_browser.Protect(sent));
            await _node.Node.Topology.Quiesce();
            for (var wait = new SpinWait(); _phone.HeardNothing && wait.Count < 50;) wait.SpinOnce();
            if (!_phone.HeardNothing) heard = (await _phone.Hear()).Packet;
        }

        Assert.Equal(sent[12..], heard[12..]);
        var answer = NextPacket();
        _phone.Send(answer, _phonePort);
        Assert.Equal(answer[12..], _browser.Hear()[12..]);
    }

    private ushort _sequence = 1000;

    private byte[] NextPacket()
    {
        var packet = Phone.Packet();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), ++_sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0x0101_0101);
        return packet;
    }

    private async Task<MediaEvent> Told(MediaEventKind kind)
    {
        for (var i = 0; i < 300; i++)
        {
            var events = await _node.Node.ReadEvents(Owner.Name, 0, 100, TimeSpan.Zero);
            if (events.FirstOrDefault(e => e.Kind == kind && e.Leg == "a") is { } found) return found;
            for (var wait = new SpinWait(); wait.Count < 60;) wait.SpinOnce();
            await _node.Advance(0.1);
        }

        throw new TimeoutException($"{kind} was not told.");
    }
}
