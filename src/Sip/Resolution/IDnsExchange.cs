using System.Net;

namespace Telephony.Sip;

/// <summary>The way to a DNS server and back.</summary>
internal interface IDnsExchange
{
    /// <summary>Sends a question once and waits for its answer.</summary>
    /// <param name="isStream">By TCP, whose answers are whole (RFC 7766).</param>
    /// <returns>Null when the network says that there will be none.</returns>
    Task<DnsMessage?> Ask(IPEndPoint server, DnsQuery query, bool isStream, CancellationToken stop);
}
