using System.Net.Http.Json;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Calls;

/// <summary>Phones of baresip with keys in their descriptions (SDES, RFC 4568) or by DTLS, each leg encrypted by itself.</summary>
[Collection(ServerCollection.Name)]
public sealed class EncryptedAudioTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("srtp-mand", "", "optional", "optional")] // the caller alone
    [InlineData("srtp", "", "optional", "optional")]
    [InlineData("", "srtp-mand", "optional", "required")] // we offer keys where the device must have them
    [InlineData("srtp-mand", "srtp-mand", "required", "required")]
    [InlineData("dtls_srtp", "", "optional", "optional")] // RFC 5764
    [InlineData("dtls_srtp", "srtp-mand", "required", "required")]
    public async Task Phones_hear_each_other_and_after_a_hold_again(string caller, string callee, string callersPolicy, string calleesPolicy)
    {
        var tenant = await fixture.Server.AddTenant(2);
        await Set(tenant, 100, callersPolicy);
        await Set(tenant, 101, calleesPolicy);
        await using var phones = await TwoBaresips.Start(tenant.Account(100), tenant.Account(101), encryption: (caller, callee));

        await phones.Talk();
        await phones.Hear(TimeSpan.FromSeconds(1));
        await phones.Callee.Hold();
        await Eventually.Is(() => phones.Callee.BitsPerSecond.Received == 0);
        await phones.Callee.Resume();

        await Eventually.Is(() => phones.Caller.BitsPerSecond is { Sent: > 0, Received: > 0 } && phones.Callee.BitsPerSecond is { Sent: > 0, Received: > 0 }, TimeSpan.FromSeconds(15));
        await phones.Caller.HangUp();
        await phones.Callee.Next("CALL_CLOSED");
    }

    [Fact] // RFC 3261 §20.43
    public async Task A_device_that_must_encrypt_and_does_not_is_refused()
    {
        var tenant = await fixture.Server.AddTenant(2);
        await Set(tenant, 100, "required");
        await using var phones = await TwoBaresips.Start(tenant);

        await phones.Caller.Dial(tenant.Account(101).Uri);

        Assert.Contains("488", (await phones.Caller.Next("CALL_CLOSED")).Param, StringComparison.Ordinal);
    }

    private async Task Set(TestTenant tenant, int extension, string policy)
    {
        using var answer = await fixture.Server.Administrator.PutAsJsonAsync($"/api/v1/admin/tenants/{tenant.Domain}/devices/{extension}", new { mediaSecurity = policy });
        answer.EnsureSuccessStatusCode();
    }
}
