namespace Telephony.Sip;

/// <summary>What a server says of a question (RFC 1035 §4.1.1 RCODE).</summary>
internal enum DnsCode { NoError = 0, FormatError = 1, ServerFailure = 2, NoSuchName = 3, NotImplemented = 4, Refused = 5 }
