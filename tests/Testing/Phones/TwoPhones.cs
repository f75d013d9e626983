namespace Telephony.Testing.Phones;

/// <summary>A tenant of its own with two phones: 100, and 101, which is registered. What most calls of tests begin with.</summary>
public sealed class TwoPhones : IAsyncDisposable
{
    private TwoPhones(TestTenant tenant) => (Tenant, Caller, Callee) = (tenant, new(tenant.Account(100)), new(tenant.Account(101)));

    public TestTenant Tenant { get; }

    public TestPhone Caller { get; }

    public TestPhone Callee { get; }

    public static async Task<TwoPhones> Start(Server server, int extensions = 2)
    {
        var phones = new TwoPhones(await server.AddTenant(extensions));
        var registered = await phones.Callee.Register();
        return registered.Status == 200 ? phones : throw new InvalidOperationException($"A REGISTER got {registered.StartLine}.");
    }

    public void Deconstruct(out TestTenant tenant, out TestPhone caller, out TestPhone callee) => (tenant, caller, callee) = (Tenant, Caller, Callee);

    /// <summary>The caller calls: its call, and the INVITE that the callee has then.</summary>
    public async Task<(OutgoingCall Call, SipMessage Invite)> Call() => (await Caller.Invite("101"), await Callee.NextRequest("INVITE"));

    /// <summary>Calls, and lets it ring at both ends.</summary>
    /// <param name="tag">The callee's.</param>
    public async Task<(OutgoingCall Call, SipMessage Invite)> Ring(string tag = "callee")
    {
        var (call, invite) = await Call();
        await Callee.Reply(invite, 180, "Ringing", tag);
        await call.Response(180);
        return (call, invite);
    }

    /// <summary>Calls, answers, and acknowledges at both ends.</summary>
    /// <param name="tag">The callee's.</param>
    public async Task<(OutgoingCall Call, SipMessage Invite, SipMessage Answer)> Talk(string tag = "callee")
    {
        var (call, invite) = await Call();
        await Callee.Reply(invite, 200, "OK", tag, TestPhone.Sdp());
        var answer = await call.Final();
        await Callee.NextRequest("ACK");
        return (call, invite, answer);
    }

    public async ValueTask DisposeAsync()
    {
        await Caller.DisposeAsync();
        await Callee.DisposeAsync();
    }
}
