using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Telephony.Media.Ice;
using Telephony.Media.Sdp;
using Telephony.Media.Srtp;

namespace Telephony.Media.Dtls;

/// <summary>A peer with ICE and DTLS on a socket of loopback, like a browser, which does only what it is told to.</summary>
internal sealed class SecurePeer : IDisposable
{
    public const string OtherFingerprint = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly BlockingCollection<byte[]> _stun = [], _media = [];
    private readonly Lock _lock = new();
    private readonly DtlsContext _context;
    private DtlsSession? _session;

    public SecurePeer(DtlsContext? context = null, string? fingerprint = null)
    {
        _context = context ?? DtlsContext.Shared!;
        Fingerprint = fingerprint ?? _context.Fingerprint;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = Receive();
    }

    public IceCredentials Credentials { get; set; } = new("peer", "password-of-the-peer-24ch");

    public string Fingerprint { get; }

    public int NodePort { get; set; }

    public bool HasIce { get; set; } = true;

    /// <summary>How many of its datagrams of DTLS get lost on their way.</summary>
    public int Lose { get; set; }

    public SrtpSender Sender { get; private set; } = null!;

    public SrtpReceiver Receiver { get; private set; } = null!;

    public DtlsState? State => _session?.State;

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public byte[] Description(string setup, string direction = "sendrecv") => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=audio {Port} UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 127.0.0.1\r\na=mid:0\r\na=rtcp-mux\r\n"
        + (HasIce ? $"a=ice-ufrag:{Credentials.Ufrag}\r\na=ice-pwd:{Credentials.Password}\r\n" : "") + $"a=fingerprint:sha-256 {Fingerprint}\r\na=setup:{setup}\r\na={direction}\r\na=rtpmap:0 PCMU/8000\r\n");

    /// <summary>A connectivity check, and whether it was answered.</summary>
    public bool Check(string nodeSdp, bool nominates = true, bool isAnswerAwaited = true)
    {
        NodePort = int.Parse(Attribute(nodeSdp, "m=audio ").Split(' ')[0], CultureInfo.InvariantCulture);
        var node = new IceCredentials(Attribute(nodeSdp, "a=ice-ufrag:"), Attribute(nodeSdp, "a=ice-pwd:"));
        Send(Checks.Check(node, nominates));
        return isAnswerAwaited && _stun.TryTake(out var answer, Limit) && answer[0] == 1 && answer[1] == 1;
    }

    public void BeginDtls(bool isClient)
    {
        lock (_lock)
        {
            _session = new DtlsSession(_context, isClient, SendDtls);
            if (isClient) _session.Start();
        }
    }

    /// <summary>Runs the timers of OpenSSL, which keep real time, until there are keys.</summary>
    public void AwaitKeys()
    {
        var spin = new SpinWait();
        var until = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            lock (_lock)
            {
                if (_session!.State == DtlsState.Connected && Sender is null && _session.TryExport(out var send, out var receive)) (Sender, Receiver) = (new(send), new(receive));
                if (Sender is not null) return;
                _session.OnTimer();
            }

            spin.SpinOnce();
        }

        Assert.Fail($"No keys: {State}");
    }

    public void Close()
    {
        lock (_lock) _session!.Close();
    }

    public void Send(ReadOnlySpan<byte> datagram) => _socket.SendTo(datagram, new IPEndPoint(IPAddress.Loopback, NodePort));

    public byte[] Protect(byte[] packet)
    {
        byte[] buffer = [.. packet, .. new byte[SrtpSender.MaxTrailer]];
        return buffer[..Sender.ProtectRtp(buffer, packet.Length)];
    }

    /// <summary>The next packet of RTP.</summary>
    public byte[] Hear()
    {
        while (_media.TryTake(out var packet, Limit))
        {
            if (packet[1] is >= 192 and <= 223) continue;
            var length = Receiver.UnprotectRtp(packet);
            Assert.True(length > 0);
            return packet[..length];
        }

        throw new TimeoutException("The peer heard nothing.");
    }

    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        lock (_lock) _session?.Dispose();
        Sender?.Dispose();
        Receiver?.Dispose();
    }

    private static string Attribute(string sdp, string start) => sdp.Split("\r\n").First(l => l.StartsWith(start, StringComparison.Ordinal))[start.Length..];

    private void SendDtls(ReadOnlySpan<byte> datagram)
    {
        if (Lose-- > 0) return;
        Send(datagram);
    }

    private async Task Receive()
    {
        var buffer = new byte[4096];
        while (!_end.IsCancellationRequested)
        {
            int length;
            try
            {
                length = await _socket.ReceiveAsync(buffer, _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var datagram = buffer[..length];
            if (datagram[0] < 4) _stun.Add(datagram);
            else if (datagram[0] >= 128) _media.Add(datagram);
            else lock (_lock) _session?.Take(datagram);
        }
    }
}
