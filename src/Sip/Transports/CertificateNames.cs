using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Telephony.Sip;

/// <summary>Whom a certificate names (RFC 5922 §7.1): the domains of its SIP URIs, else its DNS names, else, when there are no alternative names at all, its common name.</summary>
internal static class CertificateNames
{
    private const string AlternativeNames = "2.5.29.17";
    private const int Dns = 2, Uri = 6; // GeneralName's choices (RFC 5280 §4.2.1.6)

    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[AlternativeNames] is not { } names)
        {
            return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } common ? [common] : [];
        }

        var (domains, hosts) = (new List<string>(), new List<string>());
        try
        {
            var reader = new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData)
            {
                var tag = reader.PeekTag();
                if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue is not (Dns or Uri))
                {
                    reader.ReadEncodedValue();
                    continue;
                }

                var name = reader.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                if (tag.TagValue == Dns) hosts.Add(name);
                else if (DomainOf(name) is { } domain) domains.Add(domain);
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return domains.Count > 0 ? domains : hosts;
    }

    /// <summary>Whether it is the certificate of a host that was called by this name (§7.2): the whole name, in any case. An address must be among its addresses.</summary>
    /// <param name="allowsWildcards">Whether <c>*.example.com</c> stands for one label, as on the web. RFC 5922 forbids it.</param>
    public static bool Matches(X509Certificate2 certificate, string host, bool allowsWildcards)
    {
        if (IPAddress.TryParse(host, out _)) return certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false);

        host = host.TrimEnd('.');
        foreach (var name in Of(certificate))
        {
            if (string.Equals(name, host, StringComparison.OrdinalIgnoreCase)) return true;
            if (allowsWildcards && name.StartsWith("*.", StringComparison.Ordinal) && host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
                && host.AsSpan(dot).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // a sip URI without a user; sips names nobody here
    private static string? DomainOf(string uri) =>
        SipUri.TryParse(uri, out var parsed) && uri.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) && parsed.User is null ? parsed.Host : null;
}
