using System.Diagnostics;
using System.Globalization;
using Telephony.Media.Dtls;
using Telephony.Media.Srtp;

/// <summary>What encryption costs: SRTP of a G.711 packet of 20 ms on its way through a leg, and DTLS handshakes. One thread, without sockets; times are of a core.</summary>
internal static class SecureBench
{
    private const int Length = 172, Packets = 300_000, Handshakes = 500, Held = 200;

    public static int Run()
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var suite in Enum.GetValues<SrtpSuite>()) Measure(suite, isWarm: round > 0);
        }

        Shake();
        return 0;
    }

    private static void Measure(SrtpSuite suite, bool isWarm)
    {
        var keys = SrtpKeys.Create(suite);
        using var sender = new SrtpSender(keys);
        using var receiver = new SrtpReceiver(keys);
        var packets = new byte[1000][];
        var lengths = new int[packets.Length];
        var (protect, unprotect) = (TimeSpan.Zero, TimeSpan.Zero);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < packets.Length; i++) packets[i] = new byte[Length + SrtpSender.MaxTrailer];
        var own = GC.GetAllocatedBytesForCurrentThread() - allocated;
        for (var sent = 0; sent < Packets;)
        {
            foreach (var packet in packets) (packet[0], packet[1], packet[2], packet[3], packet[11]) = (0x80, 0, (byte)(sent >> 8), (byte)sent++, 1);
            var began = Cpu();
            for (var i = 0; i < packets.Length; i++) lengths[i] = sender.ProtectRtp(packets[i], Length);
            protect += Cpu() - began;
            began = Cpu();
            for (var i = 0; i < packets.Length; i++) lengths[i] = receiver.UnprotectRtp(packets[i].AsSpan(0, lengths[i]));
            unprotect += Cpu() - began;
            if (lengths.Any(l => l != Length)) throw new InvalidOperationException("A packet was refused.");
        }

        if (!isWarm) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{suite}: protect {protect.TotalNanoseconds / Packets:F0} ns, unprotect {unprotect.TotalNanoseconds / Packets:F0} ns, allocated {(GC.GetAllocatedBytesForCurrentThread() - allocated - own) / (double)Packets:F2} B/packet"));
    }

    // of the process, for the machine may be busy
    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

    private static void Shake()
    {
        var context = DtlsContext.Shared ?? throw new InvalidOperationException("libssl3 is not installed.");
        var (client, server) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = -50; i < Handshakes; i++)
        {
            if (i == 0) (client, server) = (TimeSpan.Zero, TimeSpan.Zero);
            using var pair = new Pair(context);
            pair.Run(ref client, ref server);
        }

        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var held = Enumerable.Range(0, Held).Select(_ => new Pair(context)).ToArray();
        foreach (var pair in held) pair.Run(ref client, ref server);
        self.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"DTLS handshake: server {server.TotalMilliseconds / (Handshakes + Held):F3} ms = {(Handshakes + Held) / server.TotalSeconds:F0}/s, client {client.TotalMilliseconds / (Handshakes + Held):F3} ms, held {(self.WorkingSet64 - before) / 2048.0 / Held:F0} KiB each"));
        foreach (var pair in held) pair.Dispose();
    }

    private sealed class Pair : IDisposable
    {
        private readonly Queue<byte[]> _toClient = new(), _toServer = new();
        private readonly DtlsSession _client, _server;

        public Pair(DtlsContext context)
        {
            _client = new DtlsSession(context, isClient: true, d => _toServer.Enqueue(d.ToArray()));
            _server = new DtlsSession(context, isClient: false, d => _toClient.Enqueue(d.ToArray()));
        }

        public void Run(ref TimeSpan client, ref TimeSpan server)
        {
            var began = Cpu();
            _client.Start();
            client += Cpu() - began;
            while (_toServer.Count + _toClient.Count > 0)
            {
                began = Cpu();
                while (_toServer.TryDequeue(out var datagram)) _server.Take(datagram);
                server += Cpu() - began;
                began = Cpu();
                while (_toClient.TryDequeue(out var datagram)) _client.Take(datagram);
                client += Cpu() - began;
            }

            if (_client.State != DtlsState.Connected || _server.State != DtlsState.Connected) throw new InvalidOperationException("The handshake did not end.");
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }
    }
}
