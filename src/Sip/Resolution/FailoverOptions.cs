namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip:Failover</c>: when a request moves on to the next server of its domain (RFC 3263 §4.3).</summary>
public sealed class FailoverOptions
{
    /// <summary>
    /// How long a server may be silent to a request by UDP while there is another one, which is sooner than Timer B and F end (32 s). Default 4 s; 0 waits for them.
    /// </summary>
    public TimeSpan UdpPatience { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a server that failed comes last among those of its domain. Default 30 s.</summary>
    public TimeSpan PutAside { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time that a server is left alone for its Retry-After (RFC 3261 §21.5.4). Default 5 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);
}
