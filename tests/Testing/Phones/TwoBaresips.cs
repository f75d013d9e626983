namespace Telephony.Testing.Phones;

/// <summary>Two phones of baresip, registered, that speak a tone each.</summary>
public sealed class TwoBaresips : IAsyncDisposable
{
    public const double CallersTone = 440, CalleesTone = 1000;

    private readonly SipAccount _called;

    private TwoBaresips(Baresip caller, Baresip callee, SipAccount called) => (Caller, Callee, _called) = (caller, callee, called);

    public Baresip Caller { get; }

    public Baresip Callee { get; }

    /// <param name="transport">Of both: see <see cref="Baresip.Start"/>.</param>
    /// <param name="encryption">Of each, as <paramref name="codec"/>.</param>
    public static async Task<TwoBaresips> Start(SipAccount calling, SipAccount called, string transport = "udp", (string Caller, string Callee) encryption = default, (string Caller, string Callee)? codec = null)
    {
        var caller = await Baresip.Start(calling, CallersTone, transport, encryption.Caller ?? "", codec?.Caller ?? "g711");
        try
        {
            return new TwoBaresips(caller, await Baresip.Start(called, CalleesTone, transport, encryption.Callee ?? "", codec?.Callee ?? "g711"), called);
        }
        catch
        {
            await caller.DisposeAsync();
            throw;
        }
    }

    /// <summary>Extensions 100 and 101 of a tenant.</summary>
    public static Task<TwoBaresips> Start(TestTenant tenant) => Start(tenant.Account(100), tenant.Account(101));

    public void Deconstruct(out Baresip caller, out Baresip callee) => (caller, callee) = (Caller, Callee);

    /// <summary>Calls, and lets it ring.</summary>
    public async Task Ring()
    {
        await Caller.Dial(_called.Uri);
        await Callee.Next("CALL_INCOMING");
    }

    /// <summary>Calls, and answers.</summary>
    public async Task Talk()
    {
        await Ring();
        await Callee.Accept();
        await Caller.Next("CALL_ESTABLISHED");
        await Callee.Next("CALL_ESTABLISHED");
    }

    /// <summary>Waits until both have heard the other for so long.</summary>
    public Task Hear(TimeSpan atLeast) => Eventually.Is(() => Caller.Heard(CalleesTone) > atLeast && Callee.Heard(CallersTone) > atLeast, TimeSpan.FromSeconds(15));

    public async ValueTask DisposeAsync()
    {
        await Caller.DisposeAsync();
        await Callee.DisposeAsync();
    }
}
