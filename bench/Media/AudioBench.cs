using System.Diagnostics;
using System.Globalization;
using Telephony.Media;
using Telephony.Media.Audio;
using Telephony.Media.Codecs;
using Telephony.Media.Dsp;
using Telephony.Media.Relay;
using Telephony.Media.Rtp;
using Telephony.Media.Sdp;

/// <summary>What mixing and transcoding cost, from packets in the ring to the payload, without sockets: how many a core could do.</summary>
internal static class AudioBench
{
    private const int Warm = 50, Ticks = 250;

    public static int Run()
    {
        Conference("200 parties, G.711, 3 speak", 200, speakers: 3, AudioCodecs.Pcmu);
        Conference("200 parties, G.711, all speak", 200, speakers: 200, AudioCodecs.Pcmu);
        Conference("200 parties, Opus, 3 speak", 200, speakers: 3, AudioCodecs.Opus);
        Calls("Opus to G.711 and back", 20, AudioCodecs.Opus, AudioCodecs.Pcmu);
        Calls("G.722 to G.711 and back", 20, AudioCodecs.G722, AudioCodecs.Pcmu);
        Calls("PCMA to PCMU and back", 100, AudioCodecs.Pcma, AudioCodecs.Pcmu);
        return 0;
    }

    private static void Conference(string name, int parties, int speakers, AudioCodec codec)
    {
        var room = new Room();
        var all = Enumerable.Range(0, parties).Select(i => new Party($"{i}", codec, codec.SampleRate, i < speakers ? 300 + (10 * i) : 0)).ToArray();
        var shared = new SharedEncoder(new FrameEncoder(codec, EncoderSettings.Default, 20, codec.SampleRate));
        var seats = all.Select(p => new RoomSeat(room, new RoomMember(new RoomPart()), p.Seat, shared)).ToArray();
        foreach (var seat in seats) seat.Seat.Rooms = [seat];
        var group = new AudioGroup { Plan = new GroupPlan(codec.SampleRate, [.. all.Select(p => p.Seat)], [new RoomPlan(room, seats, [])], []) };
        Measure(name, [group], all, parties, "parties");
    }

    private static void Calls(string name, int calls, AudioCodec a, AudioCodec b)
    {
        var rate = Math.Max(a.SampleRate, b.SampleRate);
        var groups = new List<AudioGroup>();
        var all = new List<Party>();
        for (var i = 0; i < calls; i++)
        {
            var (first, second) = (new Party($"{i}a", a, rate, 400), new Party($"{i}b", b, rate, 700));
            first.Seat.Hears = [new MixInput(second.Seat, 1, new GainRamp { Gain = 1 })];
            second.Seat.Hears = [new MixInput(first.Seat, 1, new GainRamp { Gain = 1 })];
            groups.Add(new AudioGroup { Plan = new GroupPlan(rate, [first.Seat, second.Seat], [], []) });
            all.AddRange([first, second]);
        }

        Measure(name, [.. groups], [.. all], calls, "calls");
    }

    private static void Measure(string name, AudioGroup[] groups, Party[] parties, int count, string what)
    {
        var (traffic, used, allocated, sent) = (new Traffic(), TimeSpan.Zero, 0L, 0L);
        for (var tick = 0; tick < Warm + Ticks; tick++)
        {
            var now = tick * (Stopwatch.Frequency / 50);
            foreach (var party in parties) party.Say(now);
            var (before, began, bytes) = (parties.Sum(p => p.Sent), Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < groups.Length; i++) groups[i].Tick(1, now, traffic);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (tick < Warm) continue;
            used += Environment.CpuUsage.TotalTime - began;
            allocated += bytes;
            sent += parties.Sum(p => p.Sent) - before;
        }

        var perTick = used / Ticks;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {perTick.TotalMicroseconds / count:F1} us a tick each, {count * 20_000 / perTick.TotalMicroseconds:F0} {what} a core, {allocated / (double)Ticks:F1} B allocated a tick, {sent / (double)Ticks / parties.Length:F2} packets out each"));
    }

    private sealed class Party : IPayloadSender, IAudioEvents
    {
        private const int Second = 50;
        private readonly PacketRing _ring = new(64 * 1024);
        private readonly byte[][] _packets = new byte[Second][];
        private readonly AudioCodec _codec;
        private ushort _sequence;

        public Party(string name, AudioCodec codec, int groupRate, double hz)
        {
            _codec = codec;
            var format = new AgreedFormat(codec.Name, codec.RtpClock, codec.Channels, 96, 96, "", codec);
            var agreement = new StreamAgreement(null, null, false, MediaDirection.SendReceive, [format], [], null, 20, NoSecurity.Instance);
            using var encoder = AudioCodecs.CreateEncoder(codec, EncoderSettings.Default);
            var frame = new short[codec.FrameSamples];
            var payload = new byte[AudioCodecs.MaxPayload];
            for (var i = 0; i < Second; i++)
            {
                for (var s = 0; s < frame.Length; s++)
                {
                    var at = ((i * frame.Length) + s) * Math.Tau / codec.SampleRate;
                    frame[s] = hz == 0 ? (short)0 : (short)(3000 * (Math.Sin(hz * at) + (0.5 * Math.Sin(2 * hz * at)) + (0.3 * Math.Sin(5 * hz * at))));
                }

                _packets[i] = [.. new byte[RtpPacket.HeaderLength], .. payload[..encoder.Encode(frame, payload)]];
            }

            Seat = new Seat
            {
                Leg = new AudioLeg(name, this) { Sender = this },
                Input = new LegInput(_ring, agreement, Stopwatch.Frequency),
                Convert = codec.SampleRate == groupRate ? null : new Resampler(codec.SampleRate, groupRate),
                Format = new LegFormat(96, codec.RtpClock, null, DtmfMode.Auto),
                Encoder = new FrameEncoder(codec, EncoderSettings.Default, 20, groupRate),
            };
        }

        public Seat Seat { get; }

        public long Sent { get; private set; }

        public void Say(long now)
        {
            var packet = _packets[_sequence % Second];
            RtpPacket.WriteHead(packet, false, 96, _sequence, (uint)(_sequence * _codec.RtpClock / 50), 1);
            _sequence++;
            _ring.TryWrite(packet, now);
        }

        public int ExpectedLoss => 0;

        public void Resume(int clock, long now)
        {
        }

        public SendResult Send(ReadOnlySpan<byte> payload, byte payloadType, uint timestampStep, bool marker, long now, Traffic traffic)
        {
            Sent++;
            return SendResult.Sent;
        }

        public void Raise(string? leg, MediaEventKind kind, string? subject = null, char? digit = null, TimeSpan? duration = null)
        {
        }
    }
}
