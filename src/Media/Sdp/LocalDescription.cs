using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Writes our descriptions: one audio stream, in its place among those that the dialog has had; the others have port 0 (RFC 3264 §5.1, §6).</summary>
internal static class LocalDescription
{
    /// <param name="audio">Where the audio is among the sections.</param>
    public static byte[] Write(SessionOrigin origin, LocalTransport transport, ImmutableArray<SdpSection> sections, int audio, LocalStream stream)
    {
        var sdp = new SdpWriter();
        sdp.Line('v', "0");
        sdp.Line('o', $"- {origin.Id} {origin.Version} {SdpFields.Address(transport.Address)}");
        sdp.Line('s', "-");
        sdp.Line('c', SdpFields.Address(transport.Address));
        sdp.Line('t', "0 0");
        if (sections[audio] is { IsBundled: true, Mid: { } bundled }) sdp.Attribute($"group:BUNDLE {bundled}");
        if (stream.HasIce) sdp.Attribute("ice-lite"); // RFC 8445 §2.5: we are where we say
        for (var i = 0; i < sections.Length; i++)
        {
            if (i == audio) WriteAudio(sdp, transport, sections[i], stream);
            else sdp.Line('m', $"{sections[i].Media} 0 {sections[i].Protocol} {sections[i].FormatList}");
            if (i != audio && sections[i].Mid is { } mid) sdp.Attribute($"mid:{mid}");
        }

        return sdp.ToBytes();
    }

    private static void WriteAudio(SdpWriter sdp, LocalTransport transport, SdpSection section, LocalStream stream)
    {
        sdp.Line('m', $"audio {transport.RtpPort} {stream.Protocol} {string.Join(' ', stream.Formats.Select(f => f.PayloadType))}");
        if (section.Mid is { } mid) sdp.Attribute($"mid:{mid}");
        foreach (var format in stream.Formats)
        {
            sdp.Attribute($"rtpmap:{format.Map}");
            if (format.Parameters.Length > 0) sdp.Attribute($"fmtp:{format.PayloadType} {format.Parameters}");
        }

        if (stream.PacketTime is { } time) sdp.Attribute($"ptime:{time}");
        if (stream.MaxPacketTime is { } max) sdp.Attribute($"maxptime:{max}");
        if (stream.IsRtcpMux) sdp.Attribute("rtcp-mux");
        else if (transport.RtcpPort != transport.RtpPort + 1) sdp.Attribute($"rtcp:{transport.RtcpPort}");
        foreach (var crypto in stream.Crypto)
        {
            var value = new ArrayBufferWriter<byte>(100);
            crypto.Write(value);
            sdp.Attribute($"crypto:{Encoding.ASCII.GetString(value.WrittenSpan)}");
        }

        if (stream.Setup is { } setup)
        {
            sdp.Attribute($"fingerprint:sha-256 {transport.FingerprintSha256}");
            sdp.Attribute($"setup:{setup switch { DtlsSetup.Active => "active", DtlsSetup.Passive => "passive", _ => "actpass" }}");
        }

        if (stream.HasIce) WriteIce(sdp, transport);
        if (stream.Kind is StreamKind.Dtls && section.Mid is not null) sdp.Attribute("msid:- audio"); // a page gets its track with this (RFC 8830)
        sdp.Attribute(stream.Direction.Name());
    }

    // one address and one port for RTP and RTCP (RFC 8839 §5.1): the priority of a host's only candidate (RFC 8445 §5.1.2)
    private static void WriteIce(SdpWriter sdp, LocalTransport transport)
    {
        sdp.Attribute($"ice-ufrag:{transport.IceUfrag}");
        sdp.Attribute($"ice-pwd:{transport.IcePassword}");
        sdp.Attribute($"candidate:1 1 UDP 2130706431 {transport.Address} {transport.RtpPort} typ host");
        sdp.Attribute("end-of-candidates");
    }
}
