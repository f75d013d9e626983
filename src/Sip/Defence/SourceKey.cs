using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip;

/// <summary>A source as a number: an IPv4 address, or the upper half of an IPv6 address, since whoever has one has all of its /64. Never 0.</summary>
internal static class SourceKey
{
    private const ulong V4 = 0x0000FFFF_00000000; // no IPv6 network begins so

    public static ulong Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(bytes, out var length);
        return length == 4 ? OfV4(bytes) : OfV6(bytes);
    }

    /// <summary>The same of a socket's address, without making an object: <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
    public static ulong Of(SocketAddress address) =>
        address.Family == AddressFamily.InterNetwork ? OfV4(address.Buffer.Span[4..]) : OfV6(address.Buffer.Span[8..]);

    /// <summary>Of a flow's remote address.</summary>
    public static bool TryOf(SipFlow flow, out ulong key)
    {
        var isAddress = IPEndPoint.TryParse(flow.Remote, out var remote);
        key = isAddress ? Of(remote!.Address) : 0;
        return isAddress;
    }

    public static bool IsV4(ulong key) => key >> 32 == V4 >> 32;

    /// <summary>As it stands in logs.</summary>
    public static string Text(ulong key)
    {
        if (IsV4(key)) return new IPAddress(BinaryPrimitives.ReverseEndianness((uint)key)).ToString();

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, key);
        return new IPAddress(bytes) + "/64";
    }

    private static ulong OfV4(ReadOnlySpan<byte> bytes) => V4 | BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static ulong OfV6(ReadOnlySpan<byte> bytes) => Math.Max(1, BinaryPrimitives.ReadUInt64BigEndian(bytes));
}
