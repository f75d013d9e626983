using System.Collections.Immutable;
using Telephony.Media.Codecs;
using Telephony.Media.Dsp;
using Telephony.Media.Relay;
using Telephony.Media.Rtp;
using Telephony.Media.Sdp;

namespace Telephony.Media.Audio;

/// <summary>
/// A leg's packets as samples: from the ring that its packet thread fills, by payload type into the jitter buffer of the codec that it is. A peer that changes between agreed
/// codecs is followed. Digits (RFC 4733) are followed by the time that their packets come, for they are not to wait for the voice.
/// </summary>
internal sealed class LegInput : ILegInput
{
    private readonly PacketRing _ring;
    private readonly ImmutableArray<AgreedFormat> _formats; // the agreement's, and those of our offer that the peer may send all the same
    private readonly JitterBuffer?[] _buffers; // one for each format that we know
    private readonly Resampler?[] _converts; // for each that has another rate than ours
    private readonly short[] _other = new short[AudioFrame.MaxSamples]; // before it is converted
    private readonly sbyte[] _kinds = new sbyte[128]; // by payload type: the format, or one of the below
    private const sbyte Unknown = -1, Noise = -2, Event = -3;
    private int _speaking; // the format of the last audio packet
    private readonly TelephoneEventReceiver _events;
    private readonly long _stampsPerMs;

    public LegInput(PacketRing ring, StreamAgreement agreement, long frequency)
    {
        (_ring, _stampsPerMs, _events) = (ring, frequency / 1000, new TelephoneEventReceiver(agreement.Formats[0].Clock));
        Agreement = agreement;
        Array.Fill(_kinds, Unknown);
        _formats = [.. agreement.Formats, .. agreement.Unanswered];
        _buffers = new JitterBuffer?[_formats.Length];
        _converts = new Resampler?[_formats.Length];
        for (var i = _buffers.Length - 1; i >= 0; i--)
        {
            var format = _formats[i];
            if (format.Codec is not { } codec || !AudioCodecs.IsAvailable(codec)) continue;
            _buffers[i] = new JitterBuffer(codec, AudioCodecs.CreateDecoder(codec), frequency);
            _kinds[format.ReceivePayloadType & 0x7f] = (sbyte)i;
        }

        _speaking = Math.Max(Array.FindIndex(_buffers, b => b is not null), 0);
        if (agreement.ComfortNoise is { } noise) _kinds[noise.ReceivePayloadType & 0x7f] = Noise;
        foreach (var events in agreement.TelephoneEvents) _kinds[events.ReceivePayloadType & 0x7f] = Event;
        SampleRate = _formats[_speaking].Codec?.SampleRate ?? 8000;
        for (var i = 0; i < _buffers.Length && Resampler.IsAvailable; i++)
        {
            if (_buffers[i] is not null && _formats[i].Codec!.SampleRate is var rate && rate != SampleRate) _converts[i] = new Resampler(rate, SampleRate);
        }
    }

    /// <summary>What it was made for.</summary>
    public StreamAgreement Agreement { get; }

    /// <summary>That of the preferred codec. Another one that the peer changes to is converted.</summary>
    public int SampleRate { get; }

    public char Digit => _events.IsActive ? Dtmf.DigitOf(_events.Event) : '\0';

    public bool Read(Span<short> frame, long now)
    {
        while (_ring.TryPeek(out var packet, out var arrival))
        {
            Take(packet, arrival);
            _ring.Advance();
        }

        _events.HasTimedOut(now / _stampsPerMs);
        if (_buffers[_speaking] is not { } buffer) return false;
        var rate = _formats[_speaking].Codec!.SampleRate;
        if (rate == SampleRate) return buffer.Take(frame, now) != Heard.Nothing;
        var other = _other.AsSpan(0, AudioFrame.Samples(rate));
        if (_converts[_speaking] is not { } convert || buffer.Take(other, now) == Heard.Nothing) return false;
        convert.Process(other, frame);
        return true;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers) buffer?.Dispose();
        foreach (var convert in _converts) convert?.Dispose();
    }

    private void Take(ReadOnlySpan<byte> bytes, long arrival)
    {
        if (!RtpPacket.TryParse(bytes, out var packet)) return;
        int kind = _kinds[packet.PayloadType];
        if (kind == Unknown) return;
        var payload = bytes.Slice(packet.PayloadStart, packet.PayloadLength);
        if (kind == Event) _events.Receive(packet.Timestamp, payload, arrival / _stampsPerMs, out _);
        if (kind >= 0) _speaking = kind;
        var what = kind switch { Event => PacketKind.Other, Noise => PacketKind.ComfortNoise, _ => PacketKind.Audio };
        _buffers[_speaking]?.Put(packet.Ssrc, packet.Sequence, packet.Timestamp, packet.Marker, what, payload, arrival);
    }
}
