using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>
/// A peer's offer or answer (RFC 4566), read once and never changed. It keeps all bytes: what we do not understand goes to the other peer as it came.
/// </summary>
internal sealed class SessionDescription
{
    /// <summary>What a description may have at most; a browser's has about 6 kB and 150 lines.</summary>
    public const int MaxLength = 32 * 1024, MaxLines = 1000, MaxStreams = 16;

    private readonly byte[] _bytes;

    private SessionDescription(byte[] bytes, SdpLine[] lines, MediaStream[] streams, int audio)
    {
        _bytes = bytes;
        Lines = lines;
        Streams = streams;
        AudioIndex = audio;
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public SdpLine[] Lines { get; }

    public MediaStream[] Streams { get; }

    /// <summary>Which stream we carry: the first that we can.</summary>
    public int AudioIndex { get; }

    public MediaStream Audio => Streams[AudioIndex];

    /// <summary>How many lines are before the first stream.</summary>
    public int SessionLines => Streams[0].Line;

    /// <summary>False: it can't be read, or has no audio that we can carry.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out SessionDescription? description)
    {
        description = null;
        if (text.Length > MaxLength) return false;

        var bytes = text.ToArray();
        var lines = new List<SdpLine>(32);
        var reader = new SdpReader(bytes);
        while (reader.TryRead(out var line))
        {
            if (lines.Count == MaxLines) return false;
            lines.Add(line);
        }

        if (reader.IsMalformed || !HasSessionHead(bytes, lines)) return false;

        var first = lines.FindIndex(l => l.Type == 'm');
        if (first < 0) return false;
        var session = ReadAttributes(bytes, lines, 0, first, default);

        var streams = new List<MediaStream>(2);
        for (int at = first, end; at < lines.Count; at = end)
        {
            end = lines.FindIndex(at + 1, l => l.Type == 'm');
            if (end < 0) end = lines.Count;
            if (streams.Count == MaxStreams || !TryStream(bytes, lines, at, end, session, out var stream)) return false;
            streams.Add(stream);
        }

        var audio = streams.FindIndex(s => s.IsCarried);
        if (audio < 0) return false;
        description = new SessionDescription(bytes, [.. lines], [.. streams], audio);
        return true;
    }

    // v=, o= and s= come first, in this order (§5)
    private static bool HasSessionHead(byte[] bytes, List<SdpLine> lines)
    {
        if (lines.Count < 4 || lines[0].Type != 'v' || lines[1].Type != 'o' || lines[2].Type != 's') return false;
        if (!lines[0].Value(bytes).SequenceEqual("0"u8)) return false;

        var origin = lines[1].Value(bytes);
        var fields = 0;
        while (SdpFields.TryTake(ref origin, out _)) fields++;
        return fields == 6;
    }

    private static bool TryStream(
        byte[] bytes, List<SdpLine> lines, int at, int end, Attributes session, [NotNullWhen(true)] out MediaStream? stream)
    {
        stream = null;
        var rest = lines[at].Value(bytes);
        if (!SdpFields.TryTake(ref rest, out var media) || !SdpFields.TryTake(ref rest, out var ports)
            || !SdpFields.TryTake(ref rest, out var protocol) || !SdpFields.TryTake(ref rest, out _)) return false;

        var slash = ports.IndexOf((byte)'/'); // 49170/2: we take the first
        if (!SdpFields.TryPort(slash < 0 ? ports : ports[..slash], out var port)) return false;
        var own = ReadAttributes(bytes, lines, at + 1, end, session);

        var isRtp = protocol.SequenceEqual("RTP/AVP"u8) || protocol.SequenceEqual("RTP/AVPF"u8)
            || ((protocol.SequenceEqual("RTP/SAVP"u8) || protocol.SequenceEqual("RTP/SAVPF"u8)) && own.HasCrypto); // keys end to end (RFC 4568)
        var isCarried = isRtp && media.SequenceEqual("audio"u8) && port != 0 && own.Connection is not null;
        stream = new MediaStream(at, end, port, own.Connection, own.Rtcp, own.IsRtcpMux, own.Direction, isCarried);
        return true;
    }

    /// <summary>Reads <c>c=</c> and the attributes that matter to us, over what the session said before.</summary>
    private static Attributes ReadAttributes(byte[] bytes, List<SdpLine> lines, int at, int end, Attributes read)
    {
        for (; at < end; at++)
        {
            var value = lines[at].Value(bytes);
            if (lines[at].Type == 'c')
            {
                read.Connection = SdpFields.TryAddress(value, out var address) ? address : null;
            }
            else if (lines[at].Type == 'a')
            {
                if (value.SequenceEqual("sendrecv"u8)) read.Direction = MediaDirection.SendReceive;
                else if (value.SequenceEqual("sendonly"u8)) read.Direction = MediaDirection.SendOnly;
                else if (value.SequenceEqual("recvonly"u8)) read.Direction = MediaDirection.ReceiveOnly;
                else if (value.SequenceEqual("inactive"u8)) read.Direction = MediaDirection.Inactive;
                else if (value.SequenceEqual("rtcp-mux"u8)) read.IsRtcpMux = true;
                else if (value.StartsWith("crypto:"u8)) read.HasCrypto = true;
                else if (value.StartsWith("rtcp:"u8)) read.Rtcp = Rtcp(value["rtcp:"u8.Length..], read.Connection);
            }
        }

        return read;
    }

    private static IPEndPoint? Rtcp(ReadOnlySpan<byte> value, IPAddress? connection)
    {
        if (!SdpFields.TryTake(ref value, out var field) || !SdpFields.TryPort(field, out var port) || port == 0) return null;
        if (!value.IsEmpty && SdpFields.TryAddress(value, out var own)) connection = own;
        return connection is null ? null : new IPEndPoint(connection, port);
    }

    private struct Attributes
    {
        public IPAddress? Connection;
        public IPEndPoint? Rtcp;
        public bool IsRtcpMux, HasCrypto;
        public MediaDirection Direction;
    }
}
