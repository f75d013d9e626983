using System.Net;
using System.Net.Sockets;

namespace Telephony.Media.Sdp;

/// <summary>The values inside lines.</summary>
internal static class SdpFields
{
    /// <summary>
    /// <c>IN IP4 192.0.2.1</c>, as in <c>c=</c> (RFC 8866 §5.7) and <c>a=rtcp</c> (RFC 3605). False for names, which we don't resolve, and for addresses that no single
    /// peer has: multicast and broadcast.
    /// </summary>
    public static bool TryAddress(string value, out IPAddress address)
    {
        address = IPAddress.None;
        var fields = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 3 || fields[0] != "IN") return false;

        var family = fields[1] switch { "IP4" => AddressFamily.InterNetwork, "IP6" => AddressFamily.InterNetworkV6, _ => AddressFamily.Unspecified };
        var text = fields[2];
        if (text.Length > 45 || text.AsSpan().ContainsAny("%/[")) return false;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != family) return false;
        if (family == AddressFamily.InterNetwork && (text.AsSpan().Count('.') != 3 || text[0] == '.')) return false; // "127.1" is no dotted quad
        if (parsed.IsIPv6Multicast || (family == AddressFamily.InterNetwork && parsed.GetAddressBytes()[0] >= 224)) return false;

        address = parsed;
        return true;
    }

    /// <summary>The other way round.</summary>
    public static string Address(IPAddress address) => $"IN {(address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4")} {address}";
}
