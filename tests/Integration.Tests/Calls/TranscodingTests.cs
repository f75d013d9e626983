using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests.Calls;

/// <summary>Phones of baresip without a common codec: G.711 and G.722.</summary>
[Collection(ServerCollection.Name)]
public sealed class TranscodingTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("g722", "g711")]
    [InlineData("g711", "g722")]
    public async Task They_hear_each_other_and_after_a_hold_again(string caller, string callee)
    {
        var tenant = await fixture.Server.AddTenant(2);
        await using var phones = await TwoBaresips.Start(tenant.Account(100), tenant.Account(101), codec: (caller, callee));

        await phones.Talk();
        await phones.Hear(TimeSpan.FromSeconds(1));
        await phones.Caller.Hold();
        await Eventually.Is(() => phones.Caller.BitsPerSecond.Received == 0);
        await phones.Caller.Resume();

        await Eventually.Is(() => phones.Caller.BitsPerSecond is { Sent: > 0, Received: > 0 } && phones.Callee.BitsPerSecond is { Sent: > 0, Received: > 0 }, TimeSpan.FromSeconds(15));
        await phones.Callee.HangUp();
        await phones.Caller.Next("CALL_CLOSED");
    }
}
