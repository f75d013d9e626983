using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Telephony.Media.Codecs;
using Telephony.Media.Sounds;

namespace Telephony.Media.Audio;

/// <summary>A phone on loopback that says one tone in one codec, and keeps what it hears.</summary>
internal sealed class Talker : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly AudioCodec _codec;
    private readonly AudioCodec[] _others;
    private AudioCodec _speaks;
    private IAudioEncoder _encoder;
    private readonly IAudioDecoder _decoder;
    private readonly DtmfGenerator _dtmf = new();
    private ToneInput _tone;
    private readonly List<short> _heard = [];
    private readonly byte[] _buffer = new byte[2048];
    private readonly short[] _samples = new short[AudioCodecs.MaxSamples];
    private ushort _sequence = 100;
    private uint _timestamp = 5000;
    private bool _wasEvent;
    private (uint Ssrc, ushort Sequence, uint Timestamp)? _last;

    /// <param name="others">What it may switch to.</param>
    public Talker(AudioCodec codec, double hz, params AudioCodec[] others)
    {
        (_codec, _speaks, _others, Hz) = (codec, codec, others, hz);
        (_encoder, _decoder) = (AudioCodecs.CreateEncoder(codec, EncoderSettings.Default), AudioCodecs.CreateDecoder(codec));
        _tone = new ToneInput(hz, codec.SampleRate);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public double Hz { get; }

    public int Target { get; set; }

    public int Packets { get; private set; }

    public List<byte[]> Events { get; } = [];

    /// <summary>One SSRC, sequence numbers without a gap, timestamps that never go back nor leap by over 60 ms, but for an event's time.</summary>
    public bool IsOneStream { get; private set; } = true;

    public byte[] Description()
    {
        return Encoding.ASCII.GetBytes(
            $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {((IPEndPoint)_socket.LocalEndPoint!).Port} RTP/AVP {string.Join(' ', All.Select(TypeOf))} 101\r\n"
            + string.Concat(All.Select(c => $"a=rtpmap:{TypeOf(c)} {c.Name}/{c.RtpClock}{(c.Channels > 1 ? "/2" : "")}\r\n")) + $"a=rtpmap:101 telephone-event/{_codec.RtpClock}\r\n");
    }

    private IEnumerable<AudioCodec> All => _others.Prepend(_codec);

    /// <summary>Speaks another of its codecs from now on.</summary>
    public void Switch(AudioCodec codec)
    {
        _encoder.Dispose();
        (_speaks, _encoder, _tone) = (codec, AudioCodecs.CreateEncoder(codec, EncoderSettings.Default), new ToneInput(Hz, codec.SampleRate));
    }

    /// <summary>A digit in place of its tone; 0: none.</summary>
    public char Sound { get; set; }

    /// <summary>Presses a digit as telephone-events, all of them at once.</summary>
    public void Press(char digit, int ticks)
    {
        var start = _timestamp;
        for (var i = 1; i <= ticks + 2; i++)
        {
            Dtmf.WriteEvent(_buffer.AsSpan(12), digit, isEnd: i >= ticks, (ushort)(Math.Min(i, ticks) * _codec.RtpClock / 50));
            Rtp.RtpPacket.WriteHead(_buffer, i == 1, 101, _sequence++, start, ssrc: 77);
            _socket.SendTo(_buffer.AsSpan(0, 16), new IPEndPoint(IPAddress.Loopback, Target));
        }

        _timestamp += (uint)(ticks * _codec.RtpClock / 50);
    }

    public void Say()
    {
        Span<short> frame = new short[_speaks.FrameSamples];
        if (Sound == 0) _tone.Read(frame, 0);
        else _dtmf.Fill(frame, _speaks.SampleRate, Sound);
        var length = _encoder.Encode(frame, _buffer.AsSpan(12));
        Rtp.RtpPacket.WriteHead(_buffer, false, TypeOf(_speaks), _sequence++, _timestamp, ssrc: 77);
        _timestamp += (uint)_speaks.RtpClock / 50;
        _socket.SendTo(_buffer.AsSpan(0, 12 + length), new IPEndPoint(IPAddress.Loopback, Target));
    }

    public void Listen()
    {
        while (_socket.Available > 0)
        {
            var length = _socket.Receive(_buffer);
            var packet = _buffer.AsSpan(0, length);
            var now = (Ssrc: BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), Sequence: BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), Timestamp: BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
            if (_last is { } last)
            {
                IsOneStream &= now.Ssrc == last.Ssrc && now.Sequence == (ushort)(last.Sequence + 1) && now.Timestamp - last.Timestamp <= (_wasEvent ? _codec.RtpClock / 2 : _codec.RtpClock * 3 / 50);
            }

            _last = now;
            _wasEvent = (packet[1] & 0x7f) == 101;
            if (_wasEvent)
            {
                Events.Add(packet[12..].ToArray());
                continue;
            }

            Packets++;
            _heard.AddRange(_samples[.._decoder.Decode(packet[12..], _samples)]);
        }
    }

    /// <summary>The amplitude of a tone in the last 200 ms; nothing was heard: 0.</summary>
    public double Level(double hz)
    {
        var count = _codec.SampleRate / 5;
        return _heard.Count < count ? 0 : Spectrum.Level(_heard.ToArray().AsSpan(_heard.Count - count), _codec.SampleRate, hz);
    }

    private static byte TypeOf(AudioCodec codec) => codec.StaticPayloadType ?? 96;

    public void Dispose()
    {
        _socket.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
    }
}
