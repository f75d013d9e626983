namespace Telephony.Sip;

/// <summary>What is asked (RFC 1035 §4.1.2), of class IN.</summary>
/// <param name="Name">In lower case, without the last dot.</param>
internal readonly record struct DnsQuestion(string Name, DnsType Type);
