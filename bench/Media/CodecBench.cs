using System.Diagnostics;
using System.Globalization;
using Telephony.Media.Codecs;
using Telephony.Media.Dsp;

/// <summary>What each codec costs of one core for a frame of 20 ms, and how many one-way transcodes a core holds. One thread; the best round, for others may hold the machine up.</summary>
internal static class CodecBench
{
    private const int Frames = 100, Rounds = 40;

    public static int Run()
    {
        foreach (var codec in AudioCodecs.All.Where(AudioCodecs.IsAvailable))
        {
            if (codec != AudioCodecs.Opus) Measure(codec, EncoderSettings.Default, codec.Name);
            else foreach (var complexity in (int[])[10, 7, 5, 1]) Measure(codec, EncoderSettings.Default with { Complexity = complexity }, $"{codec.Name} complexity {complexity}");
        }

        Transcode(AudioCodecs.Opus, AudioCodecs.Pcmu);
        Transcode(AudioCodecs.Pcmu, AudioCodecs.Opus);
        Transcode(AudioCodecs.G722, AudioCodecs.Pcma);
        Jitter();
        Digits();
        return 0;
    }

    private static void Measure(AudioCodec codec, EncoderSettings settings, string name)
    {
        using var encoder = AudioCodecs.CreateEncoder(codec, settings);
        using var decoder = AudioCodecs.CreateDecoder(codec);
        var (speech, payload, samples) = (Speech(codec.SampleRate), new byte[AudioCodecs.MaxPayload], new short[AudioCodecs.MaxSamples]);
        var packets = new byte[Frames][];
        var encode = Best(i => packets[i] ??= payload[..encoder.Encode(speech.AsSpan(i * codec.FrameSamples, codec.FrameSamples), payload)], () => Array.Clear(packets));
        var decode = Best(i => decoder.Decode(packets[i], samples), () => { });
        var conceal = Best(_ => decoder.Conceal(samples.AsSpan(0, codec.FrameSamples), []), () => decoder.Decode(packets[50], samples));
        Print($"{name} {codec.SampleRate} Hz: encode {encode:F2} us, decode {decode:F2} us, conceal {conceal:F2} us, {packets.Average(p => p.Length):F0} bytes a frame");
    }

    private static void Transcode(AudioCodec from, AudioCodec to)
    {
        if (!AudioCodecs.IsAvailable(from) || !AudioCodecs.IsAvailable(to)) return;
        using var source = AudioCodecs.CreateEncoder(from, EncoderSettings.Default);
        using var decoder = AudioCodecs.CreateDecoder(from);
        using var resampler = new Resampler(from.SampleRate, to.SampleRate);
        using var encoder = AudioCodecs.CreateEncoder(to, EncoderSettings.Default);
        var (speech, payload, samples, frame) = (Speech(from.SampleRate), new byte[AudioCodecs.MaxPayload], new short[AudioCodecs.MaxSamples], new short[to.FrameSamples]);
        var packets = Enumerable.Range(0, Frames).Select(i => payload[..source.Encode(speech.AsSpan(i * from.FrameSamples, from.FrameSamples), payload)]).ToArray();
        var cost = Best(
            i =>
            {
                var count = decoder.Decode(packets[i], samples);
                encoder.Encode(frame.AsSpan(0, resampler.Process(samples.AsSpan(0, count), frame)), payload);
            },
            () => { });
        Print($"{from.Name} to {to.Name}: {cost:F2} us a frame, {20_000 / cost:F0} one-way streams a core");
    }

    private static void Jitter()
    {
        using var buffer = new JitterBuffer(AudioCodecs.Pcmu, AudioCodecs.CreateDecoder(AudioCodecs.Pcmu), 1_000_000);
        var (payload, frame, packet) = (new byte[160], new short[160], 0L);
        var cost = Best(
            _ =>
            {
                buffer.Put(1, (ushort)packet, (uint)packet * 160, false, PacketKind.Audio, payload, (packet * 20_000) + (packet * 7919 % 5000));
                buffer.Take(frame, packet++ * 20_000);
            },
            () => { });
        Print($"jitter buffer with PCMU: {cost:F2} us a frame");
    }

    private static void Digits()
    {
        var (detector, speech) = (new DtmfDetector(), Speech(8000));
        Print($"DTMF detector at 8 kHz: {Best(i => detector.Hear(speech.AsSpan(i * 160, 160), 8000), () => { }):F2} us a frame");
    }

    private static double Best(Action<int> frame, Action before)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            before();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Frames; i++) frame(i);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Frames);
        }

        return best;
    }

    // a buzz with a pitch that wanders, as harmonics up to 3.4 kHz
    private static short[] Speech(int rate) =>
    [
        .. Enumerable.Range(0, Frames * rate / 50).Select(i =>
        {
            var t = i / (double)rate;
            var phase = Math.Tau * ((130 * t) + (3 * Math.Sin(2 * t)));
            return (short)(2500 * (1.2 + Math.Sin(9 * t)) * Enumerable.Range(1, 24).Sum(h => Math.Sin(h * phase) / h));
        }),
    ];

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
