namespace Telephony.Testing.Phones;

/// <summary>What a phone needs to register with the server on loopback.</summary>
/// <param name="Server">The server's SIP port, which is the phone's outbound proxy too: the domains of tests do not resolve.</param>
public sealed record SipAccount(string Username, string Domain, string Password, int Server)
{
    /// <summary>The server's address, as it stands in a URI: IPv6 in brackets.</summary>
    public string Host { get; init; } = "127.0.0.1";

    public string Uri => $"sip:{Username}@{Domain}";

    /// <summary>Where the server is reached.</summary>
    public string Proxy => $"{Host}:{Server}";
}
