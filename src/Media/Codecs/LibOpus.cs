using System.Runtime.InteropServices;

namespace Telephony.Media.Codecs;

/// <summary>What we use of libopus 1.1 or later.</summary>
internal static partial class LibOpus
{
    public const int ApplicationVoip = 2048, SignalVoice = 3001; // OPUS_APPLICATION_VOIP, OPUS_SIGNAL_VOICE
    public const int SetBitrate = 4002, SetMaxBandwidth = 4004, SetVbr = 4006, SetComplexity = 4010, SetInbandFec = 4012, SetPacketLossPercent = 4014, SetDtx = 4016, SetSignal = 4024;
    public const int Narrowband = 1101, Mediumband = 1102, Wideband = 1103, Superwideband = 1104, Fullband = 1105;

    /// <summary>The longest packet of one frame (RFC 6716 §3.4).</summary>
    public const int MaxFrameBytes = 1275;

    private const string Library = NativeLibraries.Opus;

    [LibraryImport(Library)]
    public static partial Encoder opus_encoder_create(int sampleRate, int channels, int application, out int error);

    [LibraryImport(Library)]
    public static partial int opus_encoder_ctl(Encoder encoder, int request, int value); // variadic in C: an int is passed the same way on x86-64 and arm64 Linux

    [LibraryImport(Library)]
    public static partial int opus_encode(Encoder encoder, ReadOnlySpan<short> samples, int count, Span<byte> data, int room);

    [LibraryImport(Library)]
    public static partial Decoder opus_decoder_create(int sampleRate, int channels, out int error);

    [LibraryImport(Library)]
    public static partial int opus_decode(Decoder decoder, ReadOnlySpan<byte> data, int length, Span<short> samples, int room, int isFec);

    [LibraryImport(Library)]
    private static partial void opus_encoder_destroy(nint encoder);

    [LibraryImport(Library)]
    private static partial void opus_decoder_destroy(nint decoder);

    internal sealed class Encoder() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            opus_encoder_destroy(handle);
            return true;
        }
    }

    internal sealed class Decoder() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            opus_decoder_destroy(handle);
            return true;
        }
    }
}
