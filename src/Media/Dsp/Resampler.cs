namespace Telephony.Media.Dsp;

/// <summary>
/// Changes the sample rate of mono audio (libspeexdsp). A frame of whole 20 ms gives a frame of whole 20 ms, at any two of 8, 16, 24, 32, 44.1 and 48 kHz. Used by one thread
/// at a time; allocates nothing after it was made.
/// </summary>
internal sealed class Resampler : IDisposable
{
    private const int Quality = 4; // speech keeps its band; 3 is the library's own for VoIP, 5 for a desktop

    private readonly LibSpeexDsp.ResamplerState? _state; // null: the same rate

    /// <exception cref="InvalidOperationException">The rates differ, and the library is missing or refuses.</exception>
    public Resampler(int fromRate, int toRate)
    {
        (FromRate, ToRate) = (fromRate, toRate);
        if (fromRate == toRate) return;
        if (!IsAvailable) throw new InvalidOperationException($"{NativeLibraries.SpeexDsp} is not installed.");
        _state = LibSpeexDsp.speex_resampler_init(1, (uint)fromRate, (uint)toRate, Quality, out var error);
        if (_state.IsInvalid) throw new InvalidOperationException($"speex_resampler_init: {error}");
        Delay = LibSpeexDsp.speex_resampler_get_output_latency(_state);
    }

    public static bool IsAvailable => NativeLibraries.IsPresent(NativeLibraries.SpeexDsp);

    public int FromRate { get; }

    public int ToRate { get; }

    /// <summary>By how many samples of the output it is late.</summary>
    public int Delay { get; }

    /// <summary>Takes all of the input that the output has room for.</summary>
    /// <returns>Samples of output: for whole 20 ms of input, whole 20 ms.</returns>
    public int Process(ReadOnlySpan<short> input, Span<short> output)
    {
        if (_state is null)
        {
            var count = Math.Min(input.Length, output.Length);
            input[..count].CopyTo(output);
            return count;
        }

        var (taken, given) = ((uint)input.Length, (uint)output.Length);
        _ = LibSpeexDsp.speex_resampler_process_int(_state, 0, input, ref taken, output, ref given);
        return (int)given;
    }

    /// <summary>Forgets what was before: the next frame begins something else.</summary>
    public void Reset()
    {
        if (_state is not null) _ = LibSpeexDsp.speex_resampler_reset_mem(_state);
    }

    public void Dispose() => _state?.Dispose();
}
