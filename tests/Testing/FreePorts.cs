using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Telephony.Testing;

/// <summary>
/// Ports of loopback that were free when asked for, below the range from which the kernel hands out ports by itself. None is handed out again before it is given
/// back, for whoever asked may not have opened it yet.
/// </summary>
public static class FreePorts
{
    private const int Lowest = 10_000, Highest = 29_999;

    private static readonly HashSet<int> Given = [];

    /// <summary>One that neither UDP nor TCP uses.</summary>
    public static int One() => Range(1);

    /// <summary>The first of <paramref name="count"/> ports in a row. Even, so that RTP may begin there.</summary>
    public static int Range(int count)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var first = Random.Shared.Next(Lowest / 2, (Highest - count) / 2) * 2;
            if (Take(first, count)) return first;
        }

        throw new InvalidOperationException($"No {count} free ports in a row.");
    }

    /// <summary>Whoever asked for <see cref="Range"/> uses it no more.</summary>
    public static void GiveBack(int first, int count)
    {
        lock (Given) Given.ExceptWith(Enumerable.Range(first, count));
    }

    private static bool Take(int first, int count)
    {
        lock (Given)
        {
            var range = Enumerable.Range(first, count);
            if (range.Any(Given.Contains) || !range.All(IsFree)) return false;

            Given.UnionWith(range);
            return true;
        }
    }

    /// <summary>Whether somebody has this port open, on whichever address: over UDP, or over TCP to listen or for a connection.</summary>
    public static bool IsOpen(int port)
    {
        var machine = IPGlobalProperties.GetIPGlobalProperties();
        return machine.GetActiveUdpListeners().Any(open => open.Port == port)
            || machine.GetActiveTcpListeners().Any(open => open.Port == port)
            || machine.GetActiveTcpConnections().Any(open => open.LocalEndPoint.Port == port);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
