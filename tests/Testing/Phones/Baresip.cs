using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Telephony.Testing.Phones;

/// <summary>
/// Debian's baresip without a sound card: it speaks a tone from a file and records what it hears. It registers at the start, and unregisters when it is disposed.
/// </summary>
public sealed class Baresip : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly ChildProcess _process;
    private readonly TcpClient _control;
    private readonly Channel<Event> _events = Channel.CreateUnbounded<Event>();

    private Baresip(string folder, ChildProcess process, TcpClient control)
    {
        _folder = folder;
        _process = process;
        _control = control;
        _ = Read();
    }

    /// <summary>What the phone tells, such as <c>CALL_INCOMING</c>, <c>CALL_RINGING</c>, <c>CALL_ESTABLISHED</c>, <c>CALL_CLOSED</c> with the reason.</summary>
    public sealed record Event(string Type, string? Peer, string? Param);

    public string Output => _process.Output;

    /// <summary>What its status line said last of the audio that it sends and receives. Recordings end at a hold, this goes on.</summary>
    public (int Sent, int Received) BitsPerSecond
    {
        get
        {
            var said = _process.Output;
            var at = said.LastIndexOf("audio=", StringComparison.Ordinal);
            var end = at < 0 ? -1 : said.IndexOf(' ', at);
            if (end < 0) return default;
            var numbers = said[(at + 6)..end].Split('/');
            return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
        }
    }

    /// <param name="hz">The tone that it speaks.</param>
    /// <param name="transport"><c>udp</c>, <c>tcp</c>, or <c>tls</c> with the account's server at that port.</param>
    /// <param name="encryption">Of its sound: none; <c>srtp</c>, keys with RTP/AVP; <c>srtp-mand</c>, RTP/SAVP; <c>dtls_srtp</c>, DTLS without ICE.</param>
    /// <param name="codec">Its only one: <c>g711</c> or <c>g722</c>.</param>
    public static async Task<Baresip> Start(SipAccount account, double hz, string transport = "udp", string encryption = "", string codec = "g711")
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("baresip-").FullName;
        var controlPort = FreePorts.One();
        var tone = Path.Combine(folder, "tone.wav");
        Tone.Write(tone, hz, TimeSpan.FromSeconds(60));
        System.IO.Directory.CreateDirectory(Path.Combine(folder, "heard"));
        var rtp = FreePorts.Range(20);
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), $"""
            poll_method epoll
            net_interface 127.0.0.1
            audio_source aufile,{tone}
            ausrc_srate 8000
            auplay_srate 8000
            audio_buffer 20-160
            rtp_ports {rtp}-{rtp + 19}
            snd_path {folder}/heard
            module_path /usr/lib/baresip/modules
            module {codec}.so
            module aufile.so
            module sndfile.so
            module srtp.so
            module dtls_srtp.so
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so
            ctrl_tcp_listen 127.0.0.1:{controlPort}

            """);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "accounts"),
            $"<{account.Uri}>;auth_user={account.Username};auth_pass={account.Password};outbound=\"sip:{account.Proxy};transport={transport}\";regint=600;answermode=manual{(encryption.Length > 0 ? $";mediaenc={encryption}" : "")}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "contacts"), "");

        var process = await ChildProcess.Start("baresip", ["-4", "-f", folder]);
        await process.WaitForLine(line => line.Contains("200 OK", StringComparison.Ordinal), Limit);
        var control = new TcpClient();
        await control.ConnectAsync(IPAddress.Loopback, controlPort);
        return new Baresip(folder, process, control);
    }

    public Task Dial(string uri) => Command("dial", uri);

    public Task Accept() => Command("accept");

    /// <summary>Ends its call; refuses one that rings, with 486.</summary>
    public Task HangUp() => Command("hangup");

    public Task Hold() => Command("hold");

    public Task Resume() => Command("resume");

    /// <summary>Sends a digit as a telephone-event (RFC 4733).</summary>
    public Task Press(char digit) => Command("sndcode", digit.ToString());

    /// <summary>The next event of this type; those before it are passed over.</summary>
    public async Task<Event> Next(string type, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? Limit);
        var seen = new List<Event>();
        try
        {
            while (true)
            {
                var e = await _events.Reader.ReadAsync(deadline.Token);
                if (e.Type == type) return e;
                seen.Add(e);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"baresip told of no {type}, but of [{string.Join(", ", seen)}]:\n{_process.Output}");
        }
    }

    /// <summary>For how long it has heard the tone, in all its calls so far.</summary>
    public TimeSpan Heard(double hz) =>
        System.IO.Directory.GetFiles(Path.Combine(_folder, "heard"), "*-dec.wav").Aggregate(TimeSpan.Zero, (sum, file) => sum + Tone.Heard(Tone.Read(file), hz));

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                await Command("quit"); // unregisters
                await _process.WaitForExit(TimeSpan.FromSeconds(5));
            }
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidOperationException)
        {
            // it is killed below
        }

        _control.Dispose();
        await _process.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private async Task Command(string command, string parameters = "")
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["command"] = command, ["params"] = parameters });
        byte[] netstring = [.. Encoding.ASCII.GetBytes(json.Length.ToString(CultureInfo.InvariantCulture) + ":"), .. json, (byte)','];
        await _control.GetStream().WriteAsync(netstring);
    }

    private async Task Read() // netstrings of JSON: <length>:<json>,
    {
        var received = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await _control.GetStream().ReadAsync(buffer)) > 0)
            {
                received.AddRange(buffer.AsSpan(0, read));
                while (received.IndexOf((byte)':') is > 0 and var colon)
                {
                    var length = int.Parse(Encoding.ASCII.GetString([.. received.GetRange(0, colon)]), CultureInfo.InvariantCulture);
                    if (received.Count < colon + length + 2) break;
                    Tell(JsonDocument.Parse(received.GetRange(colon + 1, length).ToArray()).RootElement);
                    received.RemoveRange(0, colon + length + 2);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // it has ended
        }

        _events.Writer.TryComplete();
    }

    private void Tell(JsonElement message)
    {
        if (!message.TryGetProperty("event", out _)) return;
        string? Text(string name) => message.TryGetProperty(name, out var value) ? value.GetString() : null;
        _events.Writer.TryWrite(new Event(Text("type") ?? "", Text("peeruri"), Text("param")));
    }
}
