namespace Telephony.Sip;

/// <summary>The types of record that finding a SIP server needs, with their numbers (RFC 1035 §3.2.2, 3596, 2782, 3403, 6891).</summary>
internal enum DnsType : ushort { A = 1, Cname = 5, Soa = 6, Aaaa = 28, Srv = 33, Naptr = 35, Opt = 41 }
