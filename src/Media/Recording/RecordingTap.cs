using System.Runtime.InteropServices;
using Telephony.Media.Audio;

namespace Telephony.Media.Recording;

/// <summary>
/// Between an audio thread, which writes, and the recorder, which reads: a ring of 4 s of mixed or interleaved frames. Time that found no room in it, or that the audio thread left out, comes out
/// as silence, so that all parties stay aligned. No lock; nothing is allocated after it is made.
/// </summary>
internal sealed class RecordingTap : IAudioTap
{
    private const int Slots = 200, TicksPerSecond = 50;

    private readonly int _channels, _frame; // samples of a channel
    private readonly int[] _sum;
    private readonly short[] _ring;
    private readonly int[] _gaps = new int[Slots]; // ticks of silence before a slot
    private RecordingSide[] _sides;
    private long _written, _read;
    private int _gap;
    private volatile bool _isPaused;

    /// <param name="sides">Of the parties in their order.</param>
    public RecordingTap(int sampleRate, int channels, RecordingSide[] sides)
    {
        SampleRate = sampleRate;
        _channels = channels;
        _frame = sampleRate / TicksPerSecond;
        _sum = new int[_frame * channels];
        _ring = new short[Slots * _sum.Length];
        _sides = sides;
    }

    public int SampleRate { get; }

    /// <summary>While it is, nothing that is said gets into the ring, nor does time pass.</summary>
    public bool IsPaused { get => _isPaused; set => _isPaused = value; }

    /// <summary>Other parties; while it is on no leg.</summary>
    public void Change(RecordingSide[] sides) => _sides = sides;

    public void Write(int party, ReadOnlySpan<short> received, ReadOnlySpan<short> sent)
    {
        if (_isPaused) return;
        var count = Math.Min(received.Length, _frame);
        if (_channels == 1)
        {
            for (var i = 0; i < count; i++) _sum[i] += received[i];
            return;
        }

        var side = _sides[party];
        if (side != RecordingSide.Right)
        {
            for (var i = 0; i < count; i++) _sum[2 * i] += received[i];
        }

        if (side != RecordingSide.Left)
        {
            for (var i = 0; i < count; i++) _sum[(2 * i) + 1] += received[i];
        }
    }

    public void EndTick(int ticks)
    {
        var slot = (int)(_written % Slots);
        if (!_isPaused && _written - Volatile.Read(ref _read) < Slots)
        {
            var frame = _ring.AsSpan(slot * _sum.Length, _sum.Length);
            for (var i = 0; i < frame.Length; i++) frame[i] = (short)Math.Clamp(_sum[i], short.MinValue, short.MaxValue);
            _gaps[slot] = _gap + ticks - 1;
            _gap = 0;
            Volatile.Write(ref _written, _written + 1);
        }
        else if (!_isPaused)
        {
            _gap += ticks;
        }

        Array.Clear(_sum);
    }

    /// <summary>Takes frames out, with the silence before each. Called by one thread at a time.</summary>
    /// <returns>Bytes; 0: there is nothing.</returns>
    public int Read(Span<byte> bytes)
    {
        var frameBytes = _sum.Length * sizeof(short);
        var count = 0;
        var available = Volatile.Read(ref _written);
        while (_read < available && bytes.Length - count >= frameBytes)
        {
            var slot = (int)(_read % Slots);
            if (_gaps[slot] > 0)
            {
                bytes.Slice(count, frameBytes).Clear();
                _gaps[slot]--;
            }
            else
            {
                MemoryMarshal.AsBytes(_ring.AsSpan(slot * _sum.Length, _sum.Length)).CopyTo(bytes[count..]);
                Volatile.Write(ref _read, _read + 1);
            }

            count += frameBytes;
        }

        return count;
    }

    public void Dispose()
    {
    }
}
