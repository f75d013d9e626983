using System.Globalization;
using Telephony.Testing;
using Telephony.Testing.Phones;

namespace Telephony.Integration.Tests;

/// <summary>A call between two phones of sipp, 100 and 101 of a tenant, each playing its scenario.</summary>
internal static class SippCall
{
    public const int Caller = 100, Callee = 101;

    private static readonly Dictionary<string, string> s_what = new()
    {
        ["caller-hangs-up"] = "registers with digest (MD5); calls; the caller hangs up",
        ["caller-is-hung-up-on"] = "calls; the callee hangs up",
        ["caller-cancels"] = "calls; the caller gives up while it rings (CANCEL, 487)",
        ["caller-is-refused"] = "calls; the callee is busy (486)",
        ["caller-holds"] = "calls; holds and resumes (re-INVITE)",
        ["caller-requires-reliable-ringing"] = "calls; early media in reliable 183 on both sides (100rel, PRACK)",
        ["caller-updates"] = "calls; holds and refreshes (UPDATE, session timer), is refused a re-INVITE",
    };

    /// <param name="address">The server's, and so which IP the phones use.</param>
    public static async Task Play(
        TestTenant tenant, string caller, string callee, int ringMs = 300, int holdMs = 500, int status = 486, int afterMs = 500, string transport = "UDP", string address = "127.0.0.1")
    {
        SipAccount calling = tenant.Account(Caller) with { Host = address }, called = tenant.Account(Callee) with { Host = address };
        await Play(calling, called, caller, callee, Values(ringMs, holdMs, status, afterMs), "-t", transport == "TCP" ? "t1" : "u1");
        InteroperabilityReport.Works("sip-tester", address == "[::1]" ? transport + " over IPv6" : transport, s_what[caller]);
    }

    /// <summary>The same between two accounts, which may have different ways to the server.</summary>
    public static async Task Play(SipAccount calling, SipAccount called, string caller, string callee, Dictionary<string, string> values, params string[] arguments)
    {
        var port = FreePorts.One();
        await Register(called, port, arguments: arguments);
        await using var phone = await Sipp.Start(callee, called, port, values, arguments);
        await Sipp.Run(caller, calling, FreePorts.One(), values, arguments);
        await phone.Succeeds();
    }

    public static Dictionary<string, string> Values(int ringMs = 100, int holdMs = 200, int status = 486, int afterMs = 200)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            ["number"] = Text(Callee),
            ["ring"] = Text(ringMs),
            ["hold"] = Text(holdMs),
            ["status"] = Text(status),
            ["after"] = Text(afterMs),
        };
    }

    /// <param name="port">Where the phone listens. Over TCP it registers from another port, as phones do: its connection ends with this, and it is reached by a new one.</param>
    public static Task Register(SipAccount account, int port, int expires = 600, int status = 200, params string[] arguments) => Sipp.Run("register", account, arguments.Contains("t1") ? FreePorts.One() : port, new Dictionary<string, string>
    {
        ["contact"] = port.ToString(CultureInfo.InvariantCulture),
        ["expires"] = expires.ToString(CultureInfo.InvariantCulture),
        ["status"] = status.ToString(CultureInfo.InvariantCulture),
    }, arguments);
}
