namespace Telephony.Sip;

/// <summary>What NAPTR records say about a domain's transports (RFC 3263 §4.1, RFC 3403 §4.1).</summary>
internal static class PointerChoice
{
    /// <summary>
    /// The transports that both sides speak and where their SRV records are, the domain's favourite first. Of several orders only the first that we can use counts (RFC 3403
    /// §4.1): a domain that wants TLS is not called in the clear because TLS fails.
    /// </summary>
    public static IReadOnlyList<(SipTransport Transport, string Service)> Of(IEnumerable<DnsRecord> records, EdgeAbilities own, bool isSecure)
    {
        var usable = records.OfType<PointerRecord>()
            .Where(record => record.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) && record.Regexp.Length == 0 && record.Replacement.Length > 0)
            .Select(record => (Record: record, Transport: TransportOf(record.Services, isSecure)))
            .Where(choice => choice.Transport is { } transport && own.Has(transport))
            .GroupBy(choice => choice.Record.Order)
            .MinBy(group => group.Key);
        return usable is null ? [] : [.. usable.OrderBy(choice => choice.Record.Preference).Select(choice => (choice.Transport!.Value, choice.Record.Replacement))];
    }

    // a sips URI takes none but SIPS
    private static SipTransport? TransportOf(string services, bool isSecure) => services.ToUpperInvariant() switch
    {
        "SIPS+D2T" => SipTransport.Tls,
        "SIP+D2T" when !isSecure => SipTransport.Tcp,
        "SIP+D2U" when !isSecure => SipTransport.Udp,
        _ => null,
    };
}
