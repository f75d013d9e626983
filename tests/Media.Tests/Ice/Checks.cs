using System.Buffers.Binary;
using System.Net;
using System.Text;
using Telephony.Media.Relay;
using Telephony.Media.Sdp;

namespace Telephony.Media.Ice;

/// <summary>Connectivity checks as a browser sends them (RFC 8445 §7.2.2).</summary>
internal static class Checks
{
    public static readonly IceCredentials Ours = new("ours", "our-password-of-24-chars"), New = new("newer", "another-password-24-char");

    public static readonly byte[] Home = Address("192.0.2.1", 4000), Away = Address("198.51.100.7", 5000), HomeV6 = Address("2001:db8::7", 6000);

    public static byte[] Address(string address, int port) => new PeerAddress(new IPEndPoint(IPAddress.Parse(address), port)).Bytes.ToArray();

    public static byte[] Check(
        IceCredentials? to = null, bool nominates = false, uint priority = 100, bool isControlled = false, bool isSha256 = false, string? password = null, ushort? unknown = null)
    {
        to ??= Ours;
        var buffer = new byte[400];
        var writer = new StunWriter(buffer, Stun.BindingRequest, "transaction!"u8);
        writer.Add(Stun.Username, Encoding.ASCII.GetBytes(to.Ufrag + ":theirs"));
        Span<byte> value = stackalloc byte[8];
        writer.Add(isControlled ? Stun.IceControlled : Stun.IceControlling, value);
        BinaryPrimitives.WriteUInt32BigEndian(value, priority);
        writer.Add(Stun.Priority, value[..4]);
        if (nominates) writer.Add(Stun.UseCandidate, []);
        if (unknown is { } type) writer.Add(type, value[..3]);
        writer.End(Encoding.ASCII.GetBytes(password ?? to.Password), isSha256);
        return buffer[..writer.Length];
    }
}
