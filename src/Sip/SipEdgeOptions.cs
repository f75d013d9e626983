namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip</c>.</summary>
public sealed class SipEdgeOptions
{
    /// <summary>The name that finds this edge again; the same after a restart.</summary>
    public string Id { get; set; } = "sip";

    /// <summary>UDP and TCP port; 0 takes a free one.</summary>
    public int Port { get; set; } = 5060;

    /// <summary>The addresses to bind, parted by commas; IPv4 or IPv6.</summary>
    public string Bind { get; set; } = "127.0.0.1";
}
