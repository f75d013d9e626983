using Telephony.Media.Dsp;
using Telephony.Testing;

namespace Telephony.Media.Codecs;

public sealed class JitterBufferTests
{
    private static readonly AudioCodec Linear = AudioCodecs.Find("L16", 8000, 1)!;

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public void A_perfect_network_adds_at_most_50_ms_and_changes_no_sample(int packetTime)
    {
        using var stream = new SimulatedStream(Linear, seed: 1) { PacketTime = packetTime };
        stream.Say(Signals.Speech(8000, 6000));

        var first = stream.Frames.IndexOf(Heard.Audio);
        Assert.All(stream.Frames.Skip(first), f => Assert.Equal(Heard.Audio, f));
        Assert.Equal(0, stream.Buffer.Counters.Concealed);
        var delay = stream.HeardSamples.FindIndex(s => s != 0) - stream.Said.FindIndex(s => s != 0);
        Assert.InRange(delay, 30 * 8, (30 + packetTime + 60) * 8);
        Assert.InRange(stream.Buffer.Delay, 0, 50_000);
    }

    public static TheoryData<int, int> Networks
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var jitter in (int[])[5, 20, 40, 80])
            {
                for (var seed = 1; seed <= 4; seed++) data.Add(jitter, seed);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Jitter_is_covered_by_a_delay_that_suits_it(int jitter, int seed)
    {
        using var stream = new SimulatedStream(Linear, seed) { DelayMs = r => 20 + (jitter * r.NextDouble()), TickJitterMs = 3 };
        stream.Say(Signals.Speech(8000, 30_000, seed));

        var late = stream.Frames.Skip(500);
        Assert.InRange(late.Count(f => f != Heard.Audio), 0, 20); // 2 % of 20 s
        Assert.InRange(stream.Buffer.Delay, 0, (jitter + 60) * 1000);
        Assert.InRange(stream.Buffer.Counters.Late, 0, 30);
    }

    [Theory]
    [InlineData(0.01, 1)]
    [InlineData(0.05, 2)]
    [InlineData(0.2, 3)]
    public void What_is_lost_is_made_up_and_nothing_else(double loss, int seed)
    {
        using var stream = new SimulatedStream(Linear, seed) { Loss = loss, DelayMs = r => 20 + (5 * r.NextDouble()) };
        stream.Say(Signals.Speech(8000, 30_000, seed));

        var counters = stream.Buffer.Counters;
        Assert.InRange(counters.Lost, 1500 * loss * 0.5, 1500 * loss * 1.8);
        Assert.InRange(counters.Concealed, counters.Lost * 120, (counters.Lost * 200) + 800);
        Assert.InRange(stream.Buffer.Delay, 0, 80_000);
        Assert.InRange(stream.Count(Heard.Nothing, skip: 10), 0, 5);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    public void A_phone_whose_clock_is_wrong_is_heard_without_gaps_at_a_constant_delay(int ppm)
    {
        using var stream = new SimulatedStream(Linear, seed: 5) { DriftPpm = ppm, DelayMs = r => 20 + (3 * r.NextDouble()) };
        stream.Say(Signals.Speech(8000, 180_000)); // 72 ms off at the end

        Assert.InRange(stream.Buffer.Delay, 0, 70_000);
        Assert.InRange(stream.Buffer.Counters.Concealed, 0, 8 * 200);
        Assert.Equal(0, stream.Buffer.Counters.Discarded);
    }

    [Fact]
    public void Reordered_and_copied_packets_are_heard_once_and_in_order()
    {
        using var stream = new SimulatedStream(Linear, seed: 6) { DelayMs = r => r.Next(5) == 0 ? 55 : 20, CopyShare = 0.3 };
        stream.Say(Signals.Speech(8000, 20_000));

        Assert.True(stream.Buffer.Counters.Duplicates > 200);
        Assert.InRange(stream.Count(Heard.Concealed, skip: 100), 0, 10);
        Assert.InRange(stream.Compare(10_000).Likeness, 0.7, 1);
    }

    [Fact]
    public void A_stall_of_half_a_second_is_caught_up_with()
    {
        using var stream = new SimulatedStream(Linear, seed: 7);
        stream.Say(Signals.Speech(8000, 5000));
        var (stall, sent) = (0, 0);
        stream.DelayMs = _ => Math.Max(30, 530 - (20 * sent++) + stall);
        stream.Say(Signals.Speech(8000, 1000, 2));
        stream.DelayMs = _ => 30;
        stream.Say(Signals.Speech(8000, 20_000, 3));

        Assert.InRange(stream.Buffer.Delay, 0, 120_000);
        Assert.All(stream.Frames.TakeLast(500), f => Assert.Equal(Heard.Audio, f));
    }

    [Fact]
    public void The_delay_never_exceeds_its_bound()
    {
        using var stream = new SimulatedStream(Linear, seed: 8) { DelayMs = r => r.Next(40) == 0 ? 900 : 20 + (300 * r.NextDouble()) };
        for (var i = 0; i < 30; i++)
        {
            stream.Say(Signals.Speech(8000, 1000, i));
            Assert.InRange(stream.Buffer.Delay, 0, JitterBuffer.MaxDelay + 100_000);
        }
    }

    [Fact]
    public void After_a_pause_without_packets_the_next_word_is_whole_and_nothing_was_lost()
    {
        using var stream = new SimulatedStream(Linear, seed: 9);
        var tone = Signals.Sine(8000, 500, 1000);
        stream.Say(tone);
        stream.Say(new short[8000 * 3], isSilent: true);
        var before = stream.HeardSamples.Count;
        stream.Say(tone, marker: true);
        stream.Say(new short[8000], isSilent: true);

        Assert.Equal(0, stream.Buffer.Counters.Lost);
        var heard = stream.HeardSamples.Skip(before).ToList();
        Assert.InRange(heard.Count(s => s != 0), 7000, 8000); // a second of which each eighth sample is 0, and what was made up at its end
        Assert.InRange(heard.FindIndex(s => s != 0), 30 * 8, 110 * 8);
    }

    [Fact]
    public void Rfc3389_comfort_noise_is_heard_in_the_pause()
    {
        using var stream = new SimulatedStream(Linear, seed: 10);
        stream.Say(Signals.Speech(8000, 1000));
        stream.SendOther(PacketKind.ComfortNoise, [50]);
        stream.Say(new short[8000], isSilent: true);
        stream.Say(Signals.Speech(8000, 1000), marker: true);

        Assert.InRange(stream.Count(Heard.ComfortNoise), 40, 55);
        Assert.InRange(Signals.Rms(stream.HeardSamples.Skip(12_000).Take(2000).ToArray()), 60, 150); // -50 dBov is 104
        Assert.Equal(0, stream.Buffer.Counters.Lost);
    }

    [Fact]
    public void Telephone_events_between_leave_no_gap_in_the_sequence()
    {
        using var stream = new SimulatedStream(Linear, seed: 11);
        stream.Say(Signals.Speech(8000, 1000));
        for (var i = 0; i < 8; i++)
        {
            stream.SendOther(PacketKind.Other, [1, 10, 0, 160]);
            stream.Say(new short[160], isSilent: true);
        }

        stream.Say(Signals.Speech(8000, 2000, 2));

        Assert.Equal(0, stream.Buffer.Counters.Lost);
        Assert.All(stream.Frames.TakeLast(80), f => Assert.Equal(Heard.Audio, f));
    }

    [Theory]
    [InlineData("source")]
    [InlineData("timestamp")]
    [InlineData("sequence")]
    [InlineData("hold")]
    public void A_stream_that_begins_anew_is_heard_again_at_once(string change)
    {
        using var stream = new SimulatedStream(Linear, seed: 12);
        stream.Say(Signals.Speech(8000, 2000));
        if (change == "hold")
        {
            stream.Say(new short[8000 * 10], isSilent: true);
            stream.JumpTimestamp(unchecked((uint)(-80_000))); // as if no time had passed
        }

        if (change == "source") stream.Source = 2;
        if (change is "source" or "timestamp") stream.JumpTimestamp(1_000_000_000);
        if (change is "source" or "sequence") stream.JumpSequence(20_000);
        var before = stream.Frames.Count;
        stream.Say(Signals.Speech(8000, 2000, 2));

        Assert.InRange(stream.Frames.Skip(before).Count(f => f != Heard.Audio), 0, 8);
        Assert.InRange(stream.Buffer.Counters.Resets, 1, 2);
    }

    [Fact]
    public void Sequence_and_timestamp_wrap_without_a_gap()
    {
        using var stream = new SimulatedStream(Linear, seed: 13);
        stream.JumpSequence((ushort)(65_500 - (13 * 7919 % 65_536)));
        stream.JumpTimestamp(unchecked((uint)-3000 - (uint)(13 * 2654435761)));
        stream.Say(Signals.Speech(8000, 4000));

        Assert.All(stream.Frames.Skip(stream.Frames.IndexOf(Heard.Audio)), f => Assert.Equal(Heard.Audio, f));
        Assert.Equal(0, stream.Buffer.Counters.Resets);
    }

    [Theory]
    [InlineData("opus", 48_000, 2)]
    [InlineData("G722", 8000, 1)]
    [InlineData("PCMU", 8000, 1)]
    public void Each_codec_is_heard_through_loss_and_jitter(string name, int clock, int channels)
    {
        var codec = AudioCodecs.Find(name, clock, channels)!;
        using var stream = new SimulatedStream(codec, seed: 14) { Loss = 0.02, DelayMs = r => 20 + (15 * r.NextDouble()) };
        stream.Say(Signals.Speech(codec.SampleRate, 6000));

        Assert.InRange(stream.Count(Heard.Audio, skip: 10), 280, 290);
        Assert.InRange(Signals.Rms(stream.HeardSamples.ToArray()) / Signals.Rms(stream.Said.ToArray()), 0.8, 1.2);
        Assert.Equal(0, stream.Buffer.Counters.Undecodable);
    }

    [Fact]
    public void It_allocates_nothing()
    {
        using var buffer = new JitterBuffer(Linear, AudioCodecs.CreateDecoder(Linear), 1_000_000);
        var (payload, frame, time, sequence, random) = (new byte[320], new short[160], 0L, (ushort)0, new Random(1));

        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < 200; i++, time += 20_000, sequence++)
            {
                if (random.Next(20) > 0) buffer.Put(1, sequence, (uint)sequence * 160, false, PacketKind.Audio, payload, time + random.Next(30_000));
                buffer.Take(frame, time);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("PCMA", 8000, 1)]
    [InlineData("opus", 48_000, 2)]
    public void Nothing_that_comes_makes_it_throw(string name, int clock, int channels)
    {
        var codec = AudioCodecs.Find(name, clock, channels)!;
        using var buffer = new JitterBuffer(codec, AudioCodecs.CreateDecoder(codec), 1_000_000);
        var (random, payload, frame, time) = (new Random(15), new byte[2100], new short[codec.FrameSamples], 0L);
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(payload);
            var (sequence, timestamp) = random.Next(3) == 0 ? ((ushort)random.Next(65_536), (uint)random.NextInt64(1L << 32)) : ((ushort)(i + random.Next(10)), (uint)(i * 80) + (uint)random.Next(800));
            var length = random.Next(50) == 0 ? random.Next(payload.Length) : random.Next(200);
            buffer.Put(random.Next(100) == 0 ? 2u : 1u, sequence, timestamp, random.Next(9) == 0, (PacketKind)random.Next(3), payload.AsSpan(0, length), time + random.Next(100_000));
            time += random.Next(200) == 0 ? random.Next(5_000_000) : 10_000;
            if (i % 2 == 0) Assert.InRange((int)buffer.Take(frame, time), 0, 3);
        }
    }
}
