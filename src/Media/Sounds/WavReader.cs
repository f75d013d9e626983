using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Telephony.Media.Sounds;

/// <summary>
/// Reads a WAV file from a stream that need not seek, as mono: channels are averaged. It holds a few KiB of the file at a time. A file that ends early ends early;
/// a length of 0xFFFFFFFF, or of 0 in a header that was never completed, means "to the end".
/// </summary>
internal sealed class WavReader : IDisposable
{
    private const int MaxFormatChunk = 1024, MaxChunks = 100;

    private readonly Stream _stream;
    private readonly WavFormat _format;
    private readonly byte[] _buffer;
    private long _left; // bytes of the data chunk

    private WavReader(Stream stream, WavFormat format, long length)
    {
        _stream = stream;
        _format = format;
        _left = length;
        _buffer = new byte[512 * format.BytesPerFrame];
    }

    public int SampleRate => _format.SampleRate;

    /// <summary>Takes the stream over; it is disposed with the reader, or here when the file can't be read.</summary>
    /// <param name="error">Why it can't be read, as the end of a sentence.</param>
    public static bool TryOpen(Stream stream, [NotNullWhen(true)] out WavReader? reader, out string error)
    {
        reader = Open(stream, out error);
        if (reader is null) stream.Dispose();
        return reader is not null;
    }

    /// <summary>Fills <paramref name="samples"/>; fewer only at the end.</summary>
    public int Read(Span<short> samples)
    {
        var count = 0;
        while (count < samples.Length)
        {
            var wanted = (int)Math.Min(Math.Min(samples.Length - count, 512) * (long)_format.BytesPerFrame, _left);
            var bytes = _buffer.AsSpan(0, _stream.ReadAtLeast(_buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false));
            _left = bytes.Length < wanted ? 0 : _left - bytes.Length;
            var frames = bytes.Length / _format.BytesPerFrame;
            if (frames == 0) break;
            for (var i = 0; i < frames; i++) samples[count + i] = Mono(bytes.Slice(i * _format.BytesPerFrame, _format.BytesPerFrame));
            count += frames;
        }

        return count;
    }

    public void Dispose() => _stream.Dispose();

    private short Mono(ReadOnlySpan<byte> frame)
    {
        if (_format.Channels == 1) return _format.Sample(frame);
        var sum = 0;
        for (var at = 0; at < frame.Length; at += _format.BytesPerSample) sum += _format.Sample(frame[at..]);
        return (short)(sum / _format.Channels);
    }

    private static WavReader? Open(Stream stream, out string error)
    {
        error = "it is no WAV file (RIFF WAVE)";
        Span<byte> head = stackalloc byte[12];
        if (!Fill(stream, head) || !(head[..4].SequenceEqual("RIFF"u8) || head[..4].SequenceEqual("RF64"u8)) || !head[8..].SequenceEqual("WAVE"u8)) return null;

        var riffLength = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        WavFormat? format = null;
        long at = 12;
        for (var chunks = 0; chunks < MaxChunks; chunks++)
        {
            error = format is null ? "it ends before its fmt chunk" : "it ends before its data chunk";
            if (!Fill(stream, head[..8])) return null;
            at += 8;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head[..4].SequenceEqual("data"u8))
            {
                error = "its data comes before its fmt chunk";
                if (format is null) return null;
                var isOpen = length == uint.MaxValue || (length == 0 && (riffLength is 0 or uint.MaxValue || riffLength == at - 8));
                return new WavReader(stream, format, isOpen ? long.MaxValue : length);
            }

            if (head[..4].SequenceEqual("fmt "u8))
            {
                error = "its fmt chunk is too long";
                if (length > MaxFormatChunk) return null;
                var chunk = new byte[length];
                error = "it ends in its fmt chunk";
                if (!Fill(stream, chunk) || !Skip(stream, length & 1)) return null;
                format = WavFormat.TryParse(chunk, out error);
                if (format is null) return null;
            }
            else if (!Skip(stream, length + (length & 1)))
            {
                return null;
            }

            at += length + (length & 1);
        }

        error = $"it has more than {MaxChunks} chunks before its data";
        return null;
    }

    private static bool Fill(Stream stream, Span<byte> bytes) => stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

    private static bool Skip(Stream stream, long count)
    {
        Span<byte> waste = stackalloc byte[512];
        while (count > 0)
        {
            var part = waste[..(int)Math.Min(count, waste.Length)];
            if (!Fill(stream, part)) return false;
            count -= part.Length;
        }

        return true;
    }
}
