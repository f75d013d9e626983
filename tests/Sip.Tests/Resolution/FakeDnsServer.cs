using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>A DNS server on loopback, UDP and TCP on one port, that answers from a zone.</summary>
internal sealed class FakeDnsServer : IAsyncDisposable
{
    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _tcp;
    private readonly Task[] _serving;
    private volatile Zone _zone;
    private int _queries;

    public FakeDnsServer(string zone)
    {
        _zone = Zone.Of(zone);
        while (true)
        {
            _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _tcp = new TcpListener((IPEndPoint)_udp.LocalEndPoint!);
            try
            {
                _tcp.Start();
                break;
            }
            catch (SocketException)
            {
                _udp.Dispose();
                _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            }
        }

        _serving = [Datagrams(), Streams()];
    }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.LocalEndPoint!;

    public Zone Zone
    {
        get => _zone;
        set => _zone = value;
    }

    /// <summary>Whether datagrams are too small for every answer.</summary>
    public bool IsTruncating { get; set; }

    /// <summary>Sent before the answer, from the same port.</summary>
    public Func<byte[], IEnumerable<byte[]>> Noise { get; set; } = _ => [];

    public int Queries => Volatile.Read(ref _queries);

    public async ValueTask DisposeAsync()
    {
        _udp.Dispose();
        _tcp.Dispose();
        await Task.WhenAll(_serving);
    }

    private async Task Datagrams()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var got = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                var query = buffer[..got.ReceivedBytes];
                Interlocked.Increment(ref _queries);
                foreach (var noise in Noise(query)) await _udp.SendToAsync(noise, SocketFlags.None, got.RemoteEndPoint);
                await _udp.SendToAsync(DnsWire.Answer(query, Zone, IsTruncating), SocketFlags.None, got.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task Streams()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var size = new byte[2];
                await stream.ReadExactlyAsync(size);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                await stream.ReadExactlyAsync(query);
                Interlocked.Increment(ref _queries);
                var answer = DnsWire.Answer(query, Zone);
                byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
                foreach (var part in framed.Chunk(100)) await stream.WriteAsync(part);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // the test is over
        }
    }
}
