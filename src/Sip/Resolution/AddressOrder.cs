using System.Net;

namespace Telephony.Sip;

/// <summary>In which order the addresses of one server are tried.</summary>
internal static class AddressOrder
{
    /// <summary>The families in turns, IPv6 first (RFC 8305 §4), so that one that doesn't work costs one try.</summary>
    public static IReadOnlyList<IPAddress> Of(IEnumerable<DnsRecord> v6, IEnumerable<DnsRecord> v4)
    {
        var addresses = new List<IPAddress>();
        using var sixes = v6.OfType<AddressRecord>().GetEnumerator();
        using var fours = v4.OfType<AddressRecord>().GetEnumerator();
        while (true)
        {
            var isSix = sixes.MoveNext();
            var isFour = fours.MoveNext();
            if (isSix) addresses.Add(sixes.Current.Address);
            if (isFour) addresses.Add(fours.Current.Address);
            if (!isSix && !isFour) return addresses;
        }
    }
}
