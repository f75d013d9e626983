using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telephony.Media.Relay;

/// <summary>A peer on loopback: a socket for RTP and one for RTCP, with what it sends and hears.</summary>
internal sealed class Phone : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Socket _rtp = Bind();
    private readonly Socket _rtcp = Bind();
    private ushort _sequence = (ushort)Random.Shared.Next();
    private uint _timestamp = (uint)Random.Shared.Next();

    public int Port => PortOf(_rtp);

    public int ReportPort => PortOf(_rtcp);

    public uint Ssrc { get; set; } = (uint)Random.Shared.Next();

    /// <summary>Its offer or answer. <paramref name="port"/>: said in place of the true one, as behind a NAT.</summary>
    public byte[] Description(string more = "", int? port = null, string address = "127.0.0.1") => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port ?? Port} RTP/AVP 0\r\na=rtcp:{PortOf(_rtcp)}\r\na=rtpmap:0 PCMU/8000\r\n{more}");

    /// <summary>A packet whose payload no other's is equal to.</summary>
    public static byte[] Packet(int payload = 160)
    {
        var packet = new byte[12 + payload];
        Random.Shared.NextBytes(packet);
        packet[0] = 0x80;
        packet[1] = 0;
        return packet;
    }

    public static byte[] Report()
    {
        var report = new byte[28]; // a sender report
        Random.Shared.NextBytes(report);
        (report[0], report[1], report[2], report[3]) = (0x80, 200, 0, 6);
        return report;
    }

    /// <summary>Sends it as the next packet of this phone's stream, 20 ms after the one before.</summary>
    public void Send(byte[] packet, int port) => SendRaw(Next(packet), port);

    /// <summary>Of the next packet.</summary>
    public ushort Sequence => _sequence;

    public ushort NextSequence() => _sequence++;

    /// <summary>The next packet is so many further on.</summary>
    public void Jump(int packets) => _sequence += (ushort)packets;

    /// <summary>Begins another stream.</summary>
    public void Restart() => (Ssrc, _sequence, _timestamp) = (Ssrc + 1, (ushort)Random.Shared.Next(), (uint)Random.Shared.Next());

    /// <summary>The packet with the next numbers of this phone's stream.</summary>
    public byte[] Next(byte[] packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), _timestamp += 160);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Ssrc);
        return packet;
    }

    public void SendRaw(byte[] datagram, int port) => _rtp.SendTo(datagram, new IPEndPoint(IPAddress.Loopback, port));

    public void SendReport(byte[] packet, int port) => _rtcp.SendTo(packet, new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>The next packet, and the port that it came from.</summary>
    public Task<(byte[] Packet, int From)> Hear() => Hear(_rtp);

    public Task<(byte[] Packet, int From)> HearReport() => Hear(_rtcp);

    /// <summary>True: nothing has arrived.</summary>
    public bool HeardNothing => _rtp.Available == 0 && _rtcp.Available == 0;

    public bool HeardNoReport => _rtcp.Available == 0;

    public bool HeardNoAudio => _rtp.Available == 0;

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static async Task<(byte[] Packet, int From)> Hear(Socket socket)
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[4096];
        var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        return (buffer[..received.ReceivedBytes], ((IPEndPoint)received.RemoteEndPoint).Port);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
