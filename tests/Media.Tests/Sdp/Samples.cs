namespace Telephony.Media.Sdp;

/// <summary>Descriptions as phones send them, with made-up addresses. Line ends are written as LF here and made CRLF.</summary>
internal static class Samples
{
    public static readonly byte[] Baresip = Bytes("""
        v=0
        o=- 3373478901 2123456789 IN IP4 192.0.2.10
        s=-
        c=IN IP4 192.0.2.10
        t=0 0
        a=tool:baresip 1.0.0
        m=audio 20450 RTP/AVP 0 8 101
        b=AS:125
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=rtcp:20451
        a=sendrecv
        a=label:1
        a=rtcp-rsize
        a=ssrc:2840391123 cname:sip:100@demo.localhost
        a=ptime:20

        """);

    public static readonly byte[] Linphone = Bytes("""
        v=0
        o=alice 2467 1345 IN IP4 192.0.2.20
        s=Talk
        c=IN IP4 192.0.2.20
        t=0 0
        a=ice-pwd:0123456789abcdef01234567
        a=ice-ufrag:abcd
        a=rtcp-xr:rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL voip-metrics
        a=record:off
        m=audio 7076 RTP/AVP 96 97 98 0 8 18 101 99 100
        c=IN IP4 198.51.100.7
        a=rtpmap:96 opus/48000/2
        a=fmtp:96 useinbandfec=1
        a=rtpmap:97 speex/16000
        a=fmtp:97 vbr=on
        a=rtpmap:98 speex/8000
        a=fmtp:98 vbr=on
        a=fmtp:18 annexb=yes
        a=rtpmap:101 telephone-event/48000
        a=rtpmap:99 telephone-event/16000
        a=rtpmap:100 telephone-event/8000
        a=rtcp:41077 IN IP4 198.51.100.8
        a=candidate:1 1 UDP 2130706303 192.0.2.20 7076 typ host
        a=candidate:1 2 UDP 2130706302 192.0.2.20 7077 typ host
        a=rtcp-fb:* trr-int 1000
        a=rtcp-fb:* ccm tmmbr
        m=video 9078 RTP/AVP 96
        c=IN IP4 198.51.100.7
        a=rtpmap:96 VP8/90000
        a=candidate:1 1 UDP 2130706303 192.0.2.20 9078 typ host

        """);

    public static readonly byte[] Sipp = Bytes("""
        v=0
        o=user1 53655765 2353687637 IN IP4 127.0.1.1
        s=-
        c=IN IP4 127.0.1.1
        t=0 0
        m=audio 6000 RTP/AVP 0
        a=rtpmap:0 PCMU/8000

        """);

    /// <summary>Chromium, shortened: what a browser offers.</summary>
    public static readonly byte[] Chromium = Bytes("""
        v=0
        o=- 4611731400430051336 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=extmap-allow-mixed
        a=msid-semantic: WMS stream
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:4ZcD
        a=ice-pwd:2/1muCWoOi3uLifh0NuRHlYv
        a=ice-options:trickle
        a=fingerprint:sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24
        a=setup:actpass
        a=mid:0
        a=sendrecv
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2

        """);

    /// <summary>A phone that could do ICE and DTLS but offers plain RTP, with RTCP on the same port.</summary>
    public static readonly byte[] Softphone = Bytes("""
        v=0
        o=- 1700000000 1 IN IP4 192.0.2.30
        s=call
        i=a title
        b=CT:1000
        t=0 0
        k=clear:secret
        a=group:BUNDLE a v
        a=ice-lite
        m=audio 40000 RTP/AVPF 0 8
        i=microphone
        c=IN IP4 192.0.2.30
        a=mid:a
        a=fingerprint:sha-256 75:74
        a=setup:actpass
        a=rtcp-mux
        a=rtcp-fb:0 nack
        a=x-unknown:kept as it is
        a=sendonly

        """);

    public static byte[] Audio(string address, int port, string more = "") => Bytes($"""
        v=0
        o=- 1 1 IN IP4 {address}
        s=-
        c=IN IP4 {address}
        t=0 0
        m=audio {port} RTP/AVP 0
        a=rtpmap:0 PCMU/8000

        """ + more);

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
