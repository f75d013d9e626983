namespace Telephony.Sip;

/// <summary>Whoever knows the answers to DNS questions.</summary>
internal interface IDnsLookup
{
    /// <summary>Never throws but for the token.</summary>
    ValueTask<DnsAnswer> Ask(DnsQuestion question, CancellationToken stop);
}
