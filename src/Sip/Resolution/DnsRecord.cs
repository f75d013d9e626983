using System.Net;

namespace Telephony.Sip;

/// <summary>A resource record that was understood (RFC 1035 §3.2). Names are in lower case and without the last dot; the root is the empty name.</summary>
internal abstract record DnsRecord(string Name, TimeSpan Ttl);

/// <summary>A or AAAA (RFC 1035 §3.4.1, RFC 3596).</summary>
internal sealed record AddressRecord(string Name, TimeSpan Ttl, IPAddress Address) : DnsRecord(Name, Ttl);

/// <summary>CNAME (RFC 1035 §3.3.1).</summary>
internal sealed record AliasRecord(string Name, TimeSpan Ttl, string Target) : DnsRecord(Name, Ttl);

/// <summary>SRV (RFC 2782). An empty target, the root, says that there is no such service.</summary>
internal sealed record ServiceRecord(string Name, TimeSpan Ttl, int Priority, int Weight, int Port, string Target) : DnsRecord(Name, Ttl);

/// <summary>NAPTR (RFC 3403 §4).</summary>
internal sealed record PointerRecord(string Name, TimeSpan Ttl, int Order, int Preference, string Flags, string Services, string Regexp, string Replacement)
    : DnsRecord(Name, Ttl);

/// <summary>Of a SOA, how long its zone's negative answers hold (RFC 2308 §4).</summary>
internal sealed record AuthorityRecord(string Name, TimeSpan Ttl, TimeSpan NegativeTtl) : DnsRecord(Name, Ttl);
