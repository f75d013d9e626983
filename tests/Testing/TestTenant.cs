using System.Globalization;
using Telephony.Testing.Phones;

namespace Telephony.Testing;

/// <summary>A tenant that a test made for itself, with people called after their numbers.</summary>
public sealed class TestTenant(Server server, string domain, int first, int extensions)
{
    public string Domain => domain;

    /// <summary>What is imported: the format of <c>telephony extensions import</c>.</summary>
    public string Csv => "extension,display_name,department,email,sip_password,web_password,role\n" + string.Concat(Enumerable.Range(first, extensions).Select(number =>
        $"{number},{Name(number)},Sales,{number}@{domain},{SipPassword(number)},{WebPassword(number)},{(number == first ? "tenant_administrator" : "user")}\n"));

    public static string Name(int number) => $"Person {number}";

    /// <summary>What a phone of the extension registers with.</summary>
    public SipAccount Account(int number) => new(number.ToString(CultureInfo.InvariantCulture), domain, SipPassword(number), server.SipPort);

    /// <summary>Signs in as a browser does.</summary>
    public Task<WebUser> SignIn(int number) => WebUser.SignIn(server.Web, $"{number}@{domain}", WebPassword(number));

    private static string SipPassword(int number) => $"sip-{number}-secret";

    private static string WebPassword(int number) => $"Web_{number}_secret";
}
