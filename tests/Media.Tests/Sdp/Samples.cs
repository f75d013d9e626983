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
        a=rtcp-fb:111 transport-cc
        a=fmtp:111 minptime=10;useinbandfec=1
        a=rtpmap:63 red/48000/2
        a=fmtp:63 111/111
        a=rtpmap:9 G722/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:13 CN/8000
        a=rtpmap:110 telephone-event/48000
        a=rtpmap:126 telephone-event/8000
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=msid:stream track
        a=ssrc:1234567890 cname:AbCdEf
        a=candidate:842163049 1 udp 1677729535 192.0.2.40 53422 typ host generation 0 network-id 1

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

    /// <summary>Yealink T4x: SRTP compulsory, G.729 without its own silences.</summary>
    public static readonly byte[] Yealink = Bytes("""
        v=0
        o=- 20019 20019 IN IP4 192.0.2.50
        s=SDP data
        c=IN IP4 192.0.2.50
        t=0 0
        m=audio 11780 RTP/SAVP 0 8 18 9 101
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:18 G729/8000
        a=fmtp:18 annexb=no
        a=rtpmap:9 G722/8000
        a=fmtp:101 0-15
        a=rtpmap:101 telephone-event/8000
        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj
        a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz
        a=crypto:3 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm
        a=ptime:20
        a=sendrecv

        """);

    /// <summary>Polycom VVX: two streams to choose from, the first with keys that have an identifier.</summary>
    public static readonly byte[] Polycom = Bytes("""
        v=0
        o=- 1443022104 1443022104 IN IP4 192.0.2.60
        s=Polycom IP Phone
        c=IN IP4 192.0.2.60
        b=AS:512
        t=0 0
        a=sendrecv
        m=audio 2232 RTP/SAVP 115 9 102 0 8 127
        a=rtpmap:115 G7221/32000
        a=fmtp:115 bitrate=48000
        a=rtpmap:9 G722/8000
        a=rtpmap:102 G7221/16000
        a=fmtp:102 bitrate=32000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:127 telephone-event/8000
        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^31|1:1
        m=audio 2234 RTP/AVP 115 9 102 0 8 127
        a=rtpmap:115 G7221/32000
        a=fmtp:115 bitrate=48000
        a=rtpmap:127 telephone-event/8000

        """);

    /// <summary>Cisco 7900/SPA: no rtpmap for most, G.723 pauses refused, wide events, 30 ms.</summary>
    public static readonly byte[] Cisco = Bytes("""
        v=0
        o=Cisco-SIPUA 21412 0 IN IP4 192.0.2.70
        s=SIP Call
        t=0 0
        m=audio 19762 RTP/AVP 18 0 8 101
        c=IN IP4 192.0.2.70
        a=rtpmap:18 G729/8000
        a=fmtp:18 annexb=no
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16,32,36
        a=ptime:30
        a=silenceSupp:off - - - -
        a=sendrecv

        """);

    /// <summary>Snom: encrypted if the other side can (keys with RTP/AVP).</summary>
    public static readonly byte[] Snom = Bytes("""
        v=0
        o=root 1821917323 1821917323 IN IP4 192.0.2.80
        s=call
        c=IN IP4 192.0.2.80
        t=0 0
        m=audio 54630 RTP/AVP 9 0 8 3 99 112 18 101
        a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz
        a=rtpmap:9 G722/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:3 GSM/8000
        a=rtpmap:99 G726-32/8000
        a=rtpmap:112 AAL2-G726-32/8000
        a=rtpmap:18 G729/8000
        a=fmtp:18 annexb=no
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        a=ptime:20
        a=sendrecv

        """);

    /// <summary>Asterisk as a trunk.</summary>
    public static readonly byte[] Asterisk = Bytes("""
        v=0
        o=- 1650381230 1650381230 IN IP4 192.0.2.90
        s=Asterisk
        c=IN IP4 192.0.2.90
        t=0 0
        m=audio 15020 RTP/AVP 8 0 13 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:13 CN/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=maxptime:150
        a=sendrecv

        """);

    public static readonly Dictionary<string, byte[]> All = new()
    {
        ["baresip"] = Baresip,
        ["linphone"] = Linphone,
        ["sipp"] = Sipp,
        ["Chromium"] = Chromium,
        ["softphone"] = Softphone,
        ["Yealink"] = Yealink,
        ["Polycom"] = Polycom,
        ["Cisco"] = Cisco,
        ["Snom"] = Snom,
        ["Asterisk"] = Asterisk,
    };

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
