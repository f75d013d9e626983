using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip;

/// <summary>Asks over UDP and TCP. Each question has a socket of its own, and so a port that the system chose at random (RFC 5452 §9.2); it hears only the server.</summary>
internal sealed class DnsSockets : IDnsExchange
{
    private const int MaxStrange = 16; // answers to something else, until it looks like an attack

    public async Task<DnsMessage?> Ask(IPEndPoint server, DnsQuery query, bool isStream, CancellationToken stop)
    {
        try
        {
            using var socket = isStream
                ? new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
                : new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, stop);
            return await (isStream ? Stream(socket, query, stop) : Datagram(socket, query, stop));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    private static async Task<DnsMessage?> Datagram(Socket socket, DnsQuery query, CancellationToken stop)
    {
        await socket.SendAsync(query.Wire, stop);
        var buffer = new byte[DnsQuery.MaxDatagram + 1];
        for (var strange = 0; strange < MaxStrange; strange++)
        {
            var length = await Receive(socket, buffer, stop);
            if (query.TryAccept(buffer.AsSpan(0, length), out var answer)) return answer;
        }

        return null;
    }

    // a datagram that is too large is as good as truncated, and no answer that TryAccept would take
    private static async ValueTask<int> Receive(Socket socket, byte[] buffer, CancellationToken stop)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, stop);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            return 0;
        }
    }

    private static async Task<DnsMessage?> Stream(Socket socket, DnsQuery query, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket);
        var framed = new byte[2 + query.Wire.Length]; // in one segment (RFC 7766 §8)
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Wire.Length);
        query.Wire.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, stop);

        var size = new byte[2];
        await stream.ReadExactlyAsync(size, stop);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
        await stream.ReadExactlyAsync(message, stop);
        return query.TryAccept(message, out var answer) ? answer : null;
    }
}
