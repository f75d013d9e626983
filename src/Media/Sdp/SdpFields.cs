using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>The values inside lines, read field by field; fields are parted by one space.</summary>
internal static class SdpFields
{
    /// <summary>Takes the field at the start of <paramref name="rest"/>. False at the end.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        rest = rest.TrimStart((byte)' ');
        var end = rest.IndexOf((byte)' ');
        field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return !field.IsEmpty;
    }

    /// <summary>A port, 0 to 65535.</summary>
    public static bool TryPort(ReadOnlySpan<byte> field, out int port) =>
        Utf8Parser.TryParse(field, out port, out var read) && read == field.Length && port is >= 0 and <= 65535;

    /// <summary>
    /// <c>IN IP4 192.0.2.1</c>, as in <c>c=</c> (§5.7) and <c>a=rtcp</c> (RFC 3605). False for names, which we don't resolve, and for addresses that no single
    /// peer has: multicast and broadcast.
    /// </summary>
    public static bool TryAddress(ReadOnlySpan<byte> value, out IPAddress address)
    {
        address = IPAddress.None;
        if (!TryTake(ref value, out var network) || !network.SequenceEqual("IN"u8)) return false;
        if (!TryTake(ref value, out var type) || !TryTake(ref value, out var text) || !value.Trim((byte)' ').IsEmpty) return false;

        var family = type.SequenceEqual("IP4"u8) ? AddressFamily.InterNetwork : type.SequenceEqual("IP6"u8) ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified;
        if (text.Length > 45 || text.ContainsAny("%/["u8)) return false;
        if (!IPAddress.TryParse(Encoding.ASCII.GetString(text), out var parsed) || parsed.AddressFamily != family) return false;
        if (family == AddressFamily.InterNetwork && (text.Count((byte)'.') != 3 || text[0] == '.')) return false; // "127.1" is no dotted quad
        if (parsed.IsIPv6Multicast || (family == AddressFamily.InterNetwork && parsed.GetAddressBytes()[0] >= 224)) return false;

        address = parsed;
        return true;
    }
}
