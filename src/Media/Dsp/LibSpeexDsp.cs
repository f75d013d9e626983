using System.Runtime.InteropServices;

namespace Telephony.Media.Dsp;

/// <summary>What we use of libspeexdsp 1.2.</summary>
internal static partial class LibSpeexDsp
{
    private const string Library = NativeLibraries.SpeexDsp;

    [LibraryImport(Library)]
    public static partial ResamplerState speex_resampler_init(uint channels, uint fromRate, uint toRate, int quality, out int error);

    [LibraryImport(Library)]
    public static partial int speex_resampler_process_int(ResamplerState state, uint channel, ReadOnlySpan<short> input, ref uint inputLength, Span<short> output, ref uint outputLength);

    [LibraryImport(Library)]
    public static partial int speex_resampler_get_output_latency(ResamplerState state);

    [LibraryImport(Library)]
    public static partial int speex_resampler_reset_mem(ResamplerState state);

    [LibraryImport(Library)]
    private static partial void speex_resampler_destroy(nint state);

    internal sealed class ResamplerState() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            speex_resampler_destroy(handle);
            return true;
        }
    }
}
