using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// A bound UDP socket, as its file descriptor. Whoever closes it sees to it that no thread can still use it: the number may be another socket's right after
/// (<see cref="Quiescence"/>).
/// </summary>
internal sealed unsafe class UdpSocket
{
    private UdpSocket(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>Null when the port is taken or the system has no more sockets; <paramref name="error"/> is the system's number for it.</summary>
    public static UdpSocket? TryBind(IPEndPoint endpoint, out int error)
    {
        var isV6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        var descriptor = Libc.socket(isV6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        error = 0;
        if (descriptor >= 0)
        {
            var one = 1;
            if (isV6) _ = Libc.setsockopt(descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, &one, sizeof(int));
            var address = new PeerAddress(endpoint);
            fixed (byte* a = address.Bytes)
            {
                if (Libc.bind(descriptor, a, (uint)address.Length) == 0) return new UdpSocket(descriptor);
            }
        }

        error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0) _ = Libc.close(descriptor);
        return null;
    }

    public void Close() => _ = Libc.close(Descriptor);
}
