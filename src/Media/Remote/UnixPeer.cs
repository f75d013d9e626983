using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Telephony.Media.Remote;

/// <summary>Who is at the other end of a Unix socket, as the kernel says.</summary>
internal static class UnixPeer
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17;

    /// <summary>The longest path of a socket: <c>sun_path</c> with its end.</summary>
    public const int MaxPath = 107;

    /// <summary>The other end is a process of this process's user, or of root.</summary>
    public static bool IsOurs(Socket socket)
    {
        Span<int> credentials = stackalloc int[3]; // pid, uid, gid
        var length = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        return length == 12 && (credentials[1] == (int)Relay.Libc.geteuid() || credentials[1] == 0);
    }
}
