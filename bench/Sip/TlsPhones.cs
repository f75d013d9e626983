using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip.Bench;

/// <summary>Many phones by TLS, each with a connection of its own: they register, send keep-alives (RFC 5626 §3.5.1), each awaited, and refresh.</summary>
internal static class TlsPhones
{
    private const string Domain = "bench.local";

    /// <param name="args"><c>tls host:port count first-user seconds [pid of the server]</c></param>
    public static async Task<int> Run(string[] args)
    {
        var server = IPEndPoint.Parse(args[1]);
        var count = Number(args[2]);
        var (first, seconds) = (Number(args[3]), Number(args[4]));
        var pid = args.Length > 5 ? Number(args[5]) : 0;
        var phones = Enumerable.Range(first, count).Select(user => new Phone(server, user)).ToList();
        Say("before", pid, 0);

        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(phones, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (phone, _) => await phone.Start());
        var open = phones.Count(phone => phone.IsRegistered);
        Console.WriteLine($"{open} of {count} connected and registered in {watch.Elapsed.TotalSeconds:N0} s");
        await Task.Delay(TimeSpan.FromSeconds(45), TimeProvider.System); // transactions are forgotten after 32 s
        var before = Say("registered", pid, open);

        // every phone: a keep-alive every 30 s, a refresh once
        var pongs = 0;
        var refreshed = 0;
        watch.Restart();
        await Parallel.ForEachAsync(phones.Where(phone => phone.IsRegistered), new ParallelOptions { MaxDegreeOfParallelism = count }, async (phone, stop) =>
        {
            var at = phone.Number % 30;
            var turn = 0;
            await Task.Delay(TimeSpan.FromSeconds(at), TimeProvider.System, stop);
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                if (turn++ == 1 && await phone.Register()) Interlocked.Increment(ref refreshed);
                if (await phone.Ping()) Interlocked.Increment(ref pongs);
                await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, stop);
            }
        });
        Console.WriteLine($"held {watch.Elapsed.TotalSeconds:N0} s: {pongs} keep-alives answered, {refreshed} refreshed, {phones.Count(phone => phone.IsRegistered)} still connected");
        Say("held", pid, open);
        foreach (var phone in phones) phone.Dispose();
        return open == count && before >= 0 ? 0 : 1;
    }

    private static long Say(string when, int pid, int phones)
    {
        if (pid == 0) return 0;
        using var process = Process.GetProcessById(pid);
        var now = process.WorkingSet64;
        s_first = phones == 0 ? now : s_first;
        Console.WriteLine($"{when}: server has {now / 1e6:N1} MB, {(phones == 0 ? 0 : (now - s_first) / 1024.0 / phones):N1} KiB a connection");
        return now;
    }

    private static long s_first;

    private static int s_failed;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Phone(IPEndPoint server, int number) : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private SslStream? _stream;
        private int _cseq;

        public int Number => number;

        public bool IsRegistered { get; private set; }

        public async Task Start()
        {
            try
            {
                await _socket.ConnectAsync(server);
                _stream = new(new NetworkStream(_socket));
#pragma warning disable CA5359 // the server's certificate is of its own making
                await _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true });
#pragma warning restore CA5359
                IsRegistered = await Register();
                if (!IsRegistered) Fail("It was refused.");
            }
            catch (Exception e) when (e is SocketException or IOException or System.Security.Authentication.AuthenticationException)
            {
                Fail(e.Message);
            }
        }

        private void Fail(string why)
        {
            if (Interlocked.Increment(ref s_failed) <= 3) Console.WriteLine($"{number}: {why}");
        }

        public async Task<bool> Register()
        {
            var challenge = await Ask(Request(""));
            if (!challenge.Contains(" 401 ", StringComparison.Ordinal)) return false;
            var nonce = challenge.Split("nonce=\"")[1].Split('"')[0];
            var response = Md5($"{Md5($"{number}:{Domain}:password-{number}")}:{nonce}:00000001:cn:auth:{Md5($"REGISTER:sip:{Domain}")}");
            return (await Ask(Request(
                $"Authorization: Digest username=\"{number}\", realm=\"{Domain}\", nonce=\"{nonce}\", uri=\"sip:{Domain}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"cn\", response=\"{response}\"\r\n")))
                .Contains(" 200 ", StringComparison.Ordinal);
        }

        public async Task<bool> Ping()
        {
            var pong = await Ask("\r\n\r\n", "\r\n");
            IsRegistered &= pong == "\r\n";
            return pong == "\r\n";
        }

        public void Dispose() => _socket.Dispose();

        private string Request(string authorization) =>
            $"REGISTER sip:{Domain} SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port};branch=z9hG4bK{number}-{++_cseq}\r\nMax-Forwards: 70\r\nFrom: <sip:{number}@{Domain}>;tag=t\r\n"
            + $"To: <sip:{number}@{Domain}>\r\nCall-ID: tls-{number}\r\nCSeq: {_cseq} REGISTER\r\nContact: <sip:{number}@127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port};transport=tls>\r\nExpires: 3600\r\nUser-Agent: bench\r\n{authorization}Content-Length: 0\r\n\r\n";

        private async Task<string> Ask(string text, string end = "\r\n\r\n")
        {
            try
            {
                await _stream!.WriteAsync(Encoding.ASCII.GetBytes(text));
                var buffer = new byte[4096];
                var length = 0;
                while (true)
                {
                    var read = await _stream.ReadAsync(buffer.AsMemory(length));
                    if (read == 0) return "";
                    length += read;
                    if (buffer.AsSpan(0, length).EndsWith(Encoding.ASCII.GetBytes(end))) return Encoding.ASCII.GetString(buffer, 0, length);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                return "";
            }
        }

#pragma warning disable CA5351 // what phones answer with
        private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
    }
}
