using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace Telephony.Testing.Phones;

/// <summary>
/// A phone on UDP whose every message a test writes and reads itself: for what baresip and sipp cannot be made to do. It answers nothing by itself and retransmits nothing.
/// </summary>
public sealed class TestPhone : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly SipAccount _account;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly EndPoint _server;
    private readonly Channel<SipMessage> _received = Channel.CreateUnbounded<SipMessage>();
    private readonly List<SipMessage> _passedOver = [];
    private readonly HashSet<string> _given = [];
    private readonly string _registration = Token();
    private int _registers;

    /// <param name="address">Its own, on loopback.</param>
    public TestPhone(SipAccount account, string address = "127.0.0.1")
    {
        _account = account;
        _server = new IPEndPoint(IPAddress.Loopback, account.Server);
        _socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        _ = Receive();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Where it says that it is: its own port, unless it is set.</summary>
    public string Contact
    {
        get => field ?? $"<sip:{_account.Username}@127.0.0.1:{Port}>";
        init;
    }

    public SipAccount Account => _account;

    public static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>An offer of PCMU from this port; nothing listens there.</summary>
    public static string Sdp(int port = 40_000, string direction = "sendrecv", int version = 1) =>
        $"v=0\r\no=- 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n";

    public Task Send(string message) => Send(Encoding.UTF8.GetBytes(message));

    public async Task Send(ReadOnlyMemory<byte> datagram) => await _socket.SendToAsync(datagram, _server);

    /// <summary>The next message that is wanted. Others are kept for those who want them.</summary>
    public async Task<SipMessage> Next(Func<SipMessage, bool> isWanted, TimeSpan? limit = null)
    {
        if (_passedOver.FirstOrDefault(isWanted) is { } kept)
        {
            _passedOver.Remove(kept);
            return kept;
        }

        using var deadline = new CancellationTokenSource(limit ?? Limit);
        try
        {
            while (true)
            {
                var message = await _received.Reader.ReadAsync(deadline.Token);
                if (isWanted(message)) return message;
                _passedOver.Add(message);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Phone {_account.Username} got no such message, but:\n{string.Join('\n', _passedOver)}");
        }
    }

    /// <summary>The next request of this method; not a copy of one that was given already, as a busy machine makes the server send.</summary>
    public async Task<SipMessage> NextRequest(string method, TimeSpan? limit = null)
    {
        var request = await Next(message => message.Status is null && message.Method == method && !_given.Contains(Name(message)), limit);
        _given.Add(Name(request));
        return request;
    }

    public Task<SipMessage> NextResponse(string method, int status, TimeSpan? limit = null) => Next(message => message.Status == status && message.Method == method, limit);

    /// <summary>The final response to a request of this method and number.</summary>
    public Task<SipMessage> NextFinal(string method, int cseq, TimeSpan? limit = null) =>
        Next(message => message.Status >= 200 && message.Method == method && message.CSeq == cseq, limit);

    /// <summary>Forgets what was received and not asked for.</summary>
    public void Forget()
    {
        _passedOver.Clear();
        while (_received.Reader.TryRead(out _))
        {
            // forgotten
        }
    }

    /// <summary>Registers with credentials, and gives the final response.</summary>
    public async Task<SipMessage> Register(int expires = 600, string? contact = null)
    {
        var uri = $"sip:{_account.Domain}";
        var extra = $"Contact: {contact ?? Contact}\r\nExpires: {expires}\r\n";
        await Send(Request("REGISTER", uri, ++_registers, _registration, _registration, _account.Uri, extra: extra));
        var challenge = await NextFinal("REGISTER", _registers);
        if (challenge.Status != 401) return challenge;
        await Send(Request("REGISTER", uri, ++_registers, _registration, _registration, _account.Uri, extra: extra + Authorization(challenge, "REGISTER", uri)));
        return await NextFinal("REGISTER", _registers);
    }

    /// <summary>Sends an INVITE with credentials, after the challenge. The call goes on with <see cref="NextFinal"/> and the like.</summary>
    public async Task<OutgoingCall> Invite(string number, string? body = null)
    {
        var call = new OutgoingCall(this, number, body ?? Sdp());
        await call.Send();
        return call;
    }

    /// <summary>A request as text, Content-Length included.</summary>
    public string Request(
        string method, string uri, int cseq, string callId, string fromTag, string to, string? toTag = null, string extra = "", string? body = null, string? branch = null) =>
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{Port};rport;branch={branch ?? "z9hG4bK" + Token()}\r\nMax-Forwards: 70\r\n"
        + $"From: <{_account.Uri}>;tag={fromTag}\r\nTo: <{to}>{(toTag is null ? "" : ";tag=" + toTag)}\r\nCall-ID: {callId}\r\nCSeq: {cseq} {method}\r\n{extra}"
        + (body is null ? "Content-Length: 0\r\n\r\n" : $"Content-Type: application/sdp\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Answers a request.</summary>
    /// <param name="tag">The phone's tag, for a request that begins a dialog.</param>
    public Task Reply(SipMessage request, int status, string reason, string? tag = null, string? body = null)
    {
        var to = request["To"];
        if (tag is not null && request.ToTag is null) to += ";tag=" + tag;
        var text = new StringBuilder($"SIP/2.0 {status} {reason}\r\n");
        foreach (var via in request.All("Via")) text.Append("Via: ").Append(via).Append("\r\n");
        foreach (var route in request.All("Record-Route")) text.Append("Record-Route: ").Append(route).Append("\r\n");
        text.Append($"From: {request["From"]}\r\nTo: {to}\r\nCall-ID: {request.CallId}\r\nCSeq: {request["CSeq"]}\r\nContact: {Contact}\r\n");
        if (body is not null) text.Append("Content-Type: application/sdp\r\n");
        text.Append($"Content-Length: {Encoding.UTF8.GetByteCount(body ?? "")}\r\n\r\n{body}");
        return Send(text.ToString());
    }

    /// <summary>The Authorization or Proxy-Authorization line that answers a challenge with MD5 and qop=auth.</summary>
    public string Authorization(SipMessage challenge, string method, string uri, string? password = null)
    {
        var proxy = challenge.Status == 407;
        var value = challenge.All(proxy ? "Proxy-Authenticate" : "WWW-Authenticate").First(digest => !digest.Contains("SHA-256", StringComparison.OrdinalIgnoreCase));
        string realm = SipMessage.Parameter(value, "realm")!, nonce = SipMessage.Parameter(value, "nonce")!, cnonce = Token();
        var opaque = SipMessage.Parameter(value, "opaque");
        var response = Md5($"{Md5($"{_account.Username}:{realm}:{password ?? _account.Password}")}:{nonce}:00000001:{cnonce}:auth:{Md5($"{method}:{uri}")}");
        return $"{(proxy ? "Proxy-Authorization" : "Authorization")}: Digest username=\"{_account.Username}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", algorithm=MD5, "
            + $"qop=auth, nc=00000001, cnonce=\"{cnonce}\", response=\"{response}\"{(opaque is null ? "" : $", opaque=\"{opaque}\"")}\r\n";
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

#pragma warning disable CA5351 // MD5 is what RFC 3261 §22.4 says
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private static string Name(SipMessage request) => $"{request.Method} {request["CSeq"]} {request["Via"]}";

    private async Task Receive()
    {
        var buffer = new byte[65536];
        while (true)
        {
            try
            {
                var read = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                if (read.ReceivedBytes > 4) _received.Writer.TryWrite(SipMessage.Parse(buffer.AsSpan(0, read.ReceivedBytes)));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // nobody listened to what was sent last
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
