using System.Buffers;
using System.Buffers.Text;
using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>
/// Writes a peer's description as ours: our origin, address and ports; every other line as it came, but for those about ICE and DTLS, which end here.
/// Streams that we don't carry are there with port 0 (RFC 3264 §5.1, §6).
/// </summary>
internal static class LocalDescription
{
    private static readonly byte[][] Dropped =
    [
        "candidate"u8.ToArray(), "remote-candidates"u8.ToArray(), "end-of-candidates"u8.ToArray(), "ice-ufrag"u8.ToArray(), "ice-pwd"u8.ToArray(),
        "ice-options"u8.ToArray(), "ice-lite"u8.ToArray(), "ice-mismatch"u8.ToArray(), "ice-pacing"u8.ToArray(), "fingerprint"u8.ToArray(), "setup"u8.ToArray(),
        "connection"u8.ToArray(), "tls-id"u8.ToArray(), "identity"u8.ToArray(), "rtcp-mux-only"u8.ToArray(), "bundle-only"u8.ToArray(),
    ];

    /// <param name="earlier">The last description of the peer that gets the offer; its streams may not get fewer.</param>
    public static byte[] Offer(SessionDescription source, SessionDescription? earlier, LocalSession local)
    {
        var writer = new ArrayBufferWriter<byte>(source.Bytes.Length + 256);
        WriteSession(writer, source, local);
        for (var i = 0; i < source.Streams.Length; i++)
        {
            if (i == source.AudioIndex) WriteAudio(writer, source, local, isRtcpMux: true);
            else WriteRefused(writer, source, source.Streams[i]);
        }

        for (var i = source.Streams.Length; i < Math.Max(local.Streams, earlier?.Streams.Length ?? 0); i++)
        {
            if (i < earlier?.Streams.Length) WriteRefused(writer, earlier, earlier.Streams[i]);
            else WriteRefused(writer, source, source.Audio);
        }

        return writer.WrittenSpan.ToArray();
    }

    public static byte[] Answer(SessionDescription source, SessionDescription offer, LocalSession local)
    {
        var writer = new ArrayBufferWriter<byte>(source.Bytes.Length + 256);
        WriteSession(writer, source, local);
        for (var i = 0; i < offer.Streams.Length; i++)
        {
            if (i == offer.AudioIndex) WriteAudio(writer, source, local, offer.Audio.IsRtcpMux);
            else WriteRefused(writer, offer, offer.Streams[i]);
        }

        return writer.WrittenSpan.ToArray();
    }

    private static void WriteSession(ArrayBufferWriter<byte> to, SessionDescription source, LocalSession local)
    {
        var hasConnection = false;
        for (var i = 0; i < source.SessionLines; i++) hasConnection |= source.Lines[i].Type == 'c';

        for (var i = 0; i < source.SessionLines; i++)
        {
            var line = source.Lines[i];
            if (!hasConnection && "btrzka"u8.Contains(line.Type)) // its place: behind v o s i u e p
            {
                WriteConnection(to, local.Address);
                hasConnection = true;
            }

            if (line.Type == 'o') WriteOrigin(to, local);
            else WriteLine(to, source, line, local, isRtcpMux: true);
        }

        if (!hasConnection) WriteConnection(to, local.Address);
    }

    private static void WriteAudio(ArrayBufferWriter<byte> to, SessionDescription source, LocalSession local, bool isRtcpMux)
    {
        WriteMedia(to, source, source.Audio, local.Port);
        for (var i = source.Audio.Line + 1; i < source.Audio.End; i++) WriteLine(to, source, source.Lines[i], local, isRtcpMux);
    }

    private static void WriteRefused(ArrayBufferWriter<byte> to, SessionDescription source, MediaStream stream) => WriteMedia(to, source, stream, port: 0);

    // m=<media> <port> <the rest as it was>
    private static void WriteMedia(ArrayBufferWriter<byte> to, SessionDescription source, MediaStream stream, int port)
    {
        var rest = source.Lines[stream.Line].Value(source.Bytes);
        SdpFields.TryTake(ref rest, out var media);
        SdpFields.TryTake(ref rest, out _);
        to.Write("m="u8);
        to.Write(media);
        to.Write(" "u8);
        Write(to, port);
        to.Write(" "u8);
        to.Write(rest);
        to.Write("\r\n"u8);
    }

    private static void WriteLine(ArrayBufferWriter<byte> to, SessionDescription source, SdpLine line, LocalSession local, bool isRtcpMux)
    {
        var value = line.Value(source.Bytes);
        switch (line.Type)
        {
            case (byte)'c':
                // 0.0.0.0 is how older phones say hold (RFC 3264 §8.4): it stays
                var isHeld = SdpFields.TryAddress(value, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
                WriteConnection(to, isHeld ? address : local.Address);
                return;
            case (byte)'k': // keys in clear, gone from SDP since RFC 8866
                return;
            case (byte)'a':
                var colon = value.IndexOf((byte)':');
                var name = colon < 0 ? value : value[..colon];
                foreach (var dropped in Dropped)
                {
                    if (name.SequenceEqual(dropped)) return;
                }

                if (value.StartsWith("group:BUNDLE"u8) || (!isRtcpMux && name.SequenceEqual("rtcp-mux"u8))) return;
                if (name.SequenceEqual("rtcp"u8))
                {
                    to.Write("a=rtcp:"u8);
                    Write(to, local.Port + 1);
                    to.Write("\r\n"u8);
                    return;
                }

                break;
        }

        to.Write([line.Type, (byte)'=']);
        to.Write(value);
        to.Write("\r\n"u8);
    }

    private static void WriteOrigin(ArrayBufferWriter<byte> to, LocalSession local)
    {
        to.Write("o=- "u8);
        Write(to, local.Id);
        to.Write(" "u8);
        Write(to, local.Version);
        to.Write(" "u8);
        WriteAddress(to, local.Address);
    }

    private static void WriteConnection(ArrayBufferWriter<byte> to, IPAddress address)
    {
        to.Write("c="u8);
        WriteAddress(to, address);
    }

    private static void WriteAddress(ArrayBufferWriter<byte> to, IPAddress address)
    {
        to.Write(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IN IP6 "u8 : "IN IP4 "u8);
        Span<byte> text = stackalloc byte[65];
        address.TryFormat(text, out var length);
        to.Write(text[..length]);
        to.Write("\r\n"u8);
    }

    private static void Write(ArrayBufferWriter<byte> to, long number)
    {
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var length);
        to.Advance(length);
    }
}
