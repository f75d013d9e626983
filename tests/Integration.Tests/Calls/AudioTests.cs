using System.Text.Json;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Calls;

/// <summary>Two baresip phones that speak a tone each and record what they hear.</summary>
[Collection(ServerCollection.Name)]
public sealed class AudioTests(ServerFixture fixture)
{
    [Theory, Trait("Feature", "PRES-05"), Trait("Feature", "PRES-06")]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Two_phones_call_and_hear_each_other(string transport)
    {
        var tenant = await fixture.Server.AddTenant(3);
        var port = transport == "tls" ? fixture.Server.SipTlsPort : fixture.Server.SipPort;
        await using var phones = await TwoBaresips.Start(tenant.Account(100) with { Server = port }, tenant.Account(101) with { Server = port }, transport);
        var (caller, callee) = phones;
        using var watcher = await tenant.SignIn(102);
        await Eventually.Get(() => watcher.StatusOf(101), status => status == "available");

        await phones.Ring();
        await caller.Next("CALL_RINGING");
        await Eventually.Get(() => watcher.StatusOf(101), status => status == "ringing");
        await callee.Accept();
        await caller.Next("CALL_ESTABLISHED");
        await callee.Next("CALL_ESTABLISHED");
        await Eventually.Get(() => watcher.StatusOf(101), status => status == "on_call");
        await phones.Hear(TimeSpan.FromSeconds(2));
        await callee.HangUp();
        await caller.Next("CALL_CLOSED");

        Assert.True(caller.Heard(TwoBaresips.CallersTone) == TimeSpan.Zero, "The caller heard themselves.");
        await Eventually.Get(() => watcher.StatusOf(101), status => status == "available");
        using var user = await tenant.SignIn(100);
        var call = CallRecord.Of(await user.LastCall());
        Assert.Equal(("answered", "callee"), (call.Outcome, call.EndedBy));
        foreach (var leg in (await user.Call(call.Id)).GetProperty("legs").EnumerateArray())
        {
            var media = leg.GetProperty("media");
            Assert.True(Number(media, "packetsReceived") > 100 && Number(media, "packetsSent") > 100, $"{leg}");
            Assert.True(Number(media, "bytesReceived") >= 160 * Number(media, "packetsReceived"), $"{leg}"); // PCMU, 20 ms
        }

        await Eventually.Get(() => Task.FromResult(fixture.Server.MediaPortsInUse()), ports => ports == 0);
        InteroperabilityReport.Works("baresip", transport.ToUpperInvariant(), "registers with digest (MD5); calls; both hear each other; the callee hangs up; unregisters");
    }

    [Fact, Trait("Feature", "DEV-28")]
    public async Task A_phone_that_is_switched_off_is_offline()
    {
        var tenant = await fixture.Server.AddTenant(1);
        using var user = await tenant.SignIn(100);
        await using (await Baresip.Start(tenant.Account(100), TwoBaresips.CallersTone))
        {
            var phone = (await user.Get("/api/v1/me")).GetProperty("phones").EnumerateArray().Single();
            Assert.True(phone.GetProperty("online").GetBoolean());
            Assert.StartsWith("baresip", phone.GetProperty("userAgent").GetString());
        }

        await Eventually.Get(() => user.StatusOf(100), status => status == "offline");
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
