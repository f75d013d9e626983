using System.Globalization;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

[Collection(ServerCollection.Name)]
public sealed class LimitTests(ServerFixture fixture)
{
    [Fact]
    public async Task A_full_port_range_refuses_calls_with_503_until_one_ends()
    {
        var ports = FreePorts.Range(4); // two legs of RTP and RTCP: one call
        await using var server = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs, new Dictionary<string, string?>
        {
            ["Telephony__Media__PortRange"] = $"{ports}-{ports + 3}",
        });
        await using var phones = await TwoPhones.Start(server, extensions: 4);
        var (tenant, _, callee) = phones;
        await using var late = new TestPhone(tenant.Account(102));
        var (call, invite) = await phones.Ring();

        var refused = await late.Invite("101");
        Assert.Equal(503, (await refused.Final()).Status);
        await callee.Reply(invite, 486, "Busy Here", "callee");
        await call.Final();
        await Eventually.Get(() => Task.FromResult(server.MediaPortsInUse()), used => used == 0);
        callee.Forget();
        var next = await late.Invite("101");
        await callee.Reply(await callee.NextRequest("INVITE"), 486, "Busy Here", "callee");

        Assert.Equal(486, (await next.Final()).Status);
        using var user = await tenant.SignIn(102);
        var calls = await Eventually.Get(user.Calls, calls => calls.Count == 2);
        Assert.Equal(("failed", "no_ports"), (CallRecord.Of(calls[1]).Outcome, CallRecord.Of(calls[1]).Reason));
    }

    [Theory]
    [InlineData("Telephony__Sip__Port", "seventy")]
    [InlineData("Telephony__Http__Port", "0")]
    [InlineData("Telephony__Media__PortRange", "9-3")]
    public async Task A_bad_setting_stops_the_start_with_a_line_that_names_it(string name, string value)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Server.Start("Host=127.0.0.1;Port=1;Username=nobody;Database=none", fixture.Blobs, new Dictionary<string, string?> { [name] = value }));

        Assert.Contains("ended with 2:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.Message.Split('\n'), line => line.Contains(name.Replace("__", ":", StringComparison.Ordinal), StringComparison.Ordinal) && line.Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_with_its_key()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Server.Start(
            await PostgresFixture.NewDatabase(), fixture.Blobs, new Dictionary<string, string?> { ["Telephony__Sip__Port"] = fixture.Server.SipPort.ToString(CultureInfo.InvariantCulture) }));

        Assert.Contains("ended with 2:", failure.Message, StringComparison.Ordinal); // refused, not broken
        Assert.Contains("Telephony:Sip:Port", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_run_side_by_side()
    {
        await using var second = await Server.Start(await PostgresFixture.NewDatabase(), fixture.Blobs);
        var here = await fixture.Server.AddTenant(2);
        var there = await second.AddTenant(2);

        await SippCall.Play(here, "caller-hangs-up", "callee-answers", holdMs: 100);
        await SippCall.Play(there, "caller-hangs-up", "callee-answers", holdMs: 100);

        using var user = await here.SignIn(100);
        await user.LastCall(count: 1);
        using var other = await there.SignIn(100);
        await other.LastCall(count: 1);
    }
}
