using System.Globalization;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary>A call between two phones of sipp, 100 and 101 of a tenant, each playing its scenario.</summary>
internal static class SippCall
{
    public const int Caller = 100, Callee = 101;

    public static async Task Play(TestTenant tenant, string caller, string callee, int ringMs = 300, int holdMs = 500, int status = 486, int afterMs = 500)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        var values = new Dictionary<string, string>
        {
            ["number"] = Text(Callee),
            ["ring"] = Text(ringMs),
            ["hold"] = Text(holdMs),
            ["status"] = Text(status),
            ["after"] = Text(afterMs),
        };
        var port = FreePorts.One();
        await Register(tenant.Account(Callee), port);
        await using var called = await Sipp.Start(callee, tenant.Account(Callee), port, values);
        await Sipp.Run(caller, tenant.Account(Caller), FreePorts.One(), values);
        await called.Succeeds();
    }

    public static Task Register(SipAccount account, int port, int expires = 600, int status = 200) => Sipp.Run("register", account, port, new Dictionary<string, string>
    {
        ["expires"] = expires.ToString(CultureInfo.InvariantCulture),
        ["status"] = status.ToString(CultureInfo.InvariantCulture),
    });
}
