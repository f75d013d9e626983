namespace Telephony.Sip;

/// <summary>How a question ended: with records, with the word that there are none, or without any word.</summary>
internal enum DnsOutcome { Found, None, Failed }

/// <summary>The records of the asked type; several only when <see cref="DnsOutcome.Found"/>.</summary>
internal sealed record DnsAnswer(DnsOutcome Outcome, IReadOnlyList<DnsRecord> Records)
{
    public static readonly DnsAnswer Failed = new(DnsOutcome.Failed, []);
}
