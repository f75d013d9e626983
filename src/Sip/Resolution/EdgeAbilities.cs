namespace Telephony.Sip;

/// <summary>What an edge can send by, besides UDP and TCP.</summary>
internal readonly record struct EdgeAbilities(bool HasIpv4, bool HasIpv6, bool HasTls)
{
    public bool Has(SipTransport transport) => transport switch
    {
        SipTransport.Udp or SipTransport.Tcp => true,
        SipTransport.Tls => HasTls,
        _ => false, // nobody can be called by WebSocket
    };
}
