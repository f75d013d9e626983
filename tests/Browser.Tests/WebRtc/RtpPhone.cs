using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telephony.Browser.Tests.WebRtc;

/// <summary>A desk phone on loopback: plain RTP with PCMU, a tone as its microphone, and all that it hears as samples.</summary>
internal sealed class RtpPhone : IDisposable
{
    private const int Samples = 160;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly List<short> _heard = [];

    public RtpPhone() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public byte[] Description => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {((IPEndPoint)_socket.LocalEndPoint!).Port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n");

    /// <summary>What was heard since it was last asked.</summary>
    public short[] Take()
    {
        lock (_heard)
        {
            var heard = _heard.ToArray();
            _heard.Clear();
            return heard;
        }
    }

    /// <summary>Talks to this port, in real time, and listens.</summary>
    public void Talk(int port, double hz)
    {
        _ = Send(new IPEndPoint(IPAddress.Loopback, port), hz);
        _ = Receive();
    }

    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task Send(IPEndPoint node, double hz)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var packet = new byte[12 + Samples];
        (packet[0], packet[1], packet[11]) = (0x80, 0, 7);
        try
        {
            for (var n = 0; await timer.WaitForNextTickAsync(_end.Token); n++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)n);
                BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), n * Samples);
                for (var i = 0; i < Samples; i++) packet[12 + i] = Encode(8000 * Math.Sin(2 * Math.PI * hz * ((n * Samples) + i) / 8000));
                await _socket.SendToAsync(packet, node, _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task Receive()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, _end.Token);
                if (length <= 12 || buffer[0] != 0x80 || (buffer[1] & 0x7f) != 0) continue;
                lock (_heard)
                {
                    for (var i = 12; i < length; i++) _heard.Add(Decode(buffer[i]));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    // G.711 µ-law
    private static byte Encode(double sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = (int)Math.Min(Math.Abs(sample), 32635) + 132;
        var exponent = 7;
        for (var mask = 0x4000; (magnitude & mask) == 0 && exponent > 0; mask >>= 1) exponent--;
        return (byte)~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f));
    }

    private static short Decode(byte code)
    {
        code = (byte)~code;
        var magnitude = ((((code & 0x0f) << 3) + 132) << ((code >> 4) & 7)) - 132;
        return (short)((code & 0x80) != 0 ? -magnitude : magnitude);
    }
}
