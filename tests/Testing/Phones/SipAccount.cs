namespace Telephony.Testing.Phones;

/// <summary>What a phone needs to register with the server on loopback.</summary>
/// <param name="Server">The server's SIP port, which is the phone's outbound proxy too: the domains of tests do not resolve.</param>
public sealed record SipAccount(string Username, string Domain, string Password, int Server)
{
    public string Uri => $"sip:{Username}@{Domain}";
}
