using System.Text;

namespace Telephony.Sip.Bench;

/// <summary>Messages as phones send them.</summary>
internal static class Samples
{
    public static readonly byte[] Invite = Encoding.UTF8.GetBytes("""
        INVITE sip:602@demo.localhost SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.17:5062;branch=z9hG4bK-524287-1---a8f25d3a8c2b1e77;rport
        Max-Forwards: 70
        Contact: <sip:601@192.0.2.17:5062;transport=UDP>
        To: <sip:602@demo.localhost>
        From: "Ann Example" <sip:601@demo.localhost>;tag=3b1f6c25
        Call-ID: 8RjzZ1qkC5tQ9QwXv0cT3w..
        CSeq: 2 INVITE
        Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE, UPDATE
        Content-Type: application/sdp
        Supported: replaces, norefersub, extended-refer, timer, outbound, path
        User-Agent: Example Phone 5.6.1
        Authorization: Digest username="601",realm="demo.localhost",nonce="AAABm2rWZyhmEZ2fO6m2Xk1Yp5n7d0gOVxbm5gP1",uri="sip:602@demo.localhost",response="2f3b0a1c5d6e7f8091a2b3c4d5e6f708",cnonce="7a6b5c4d3e2f1a0b",nc=00000001,qop=auth,algorithm=MD5
        Allow-Events: presence, kpml, talk
        Content-Length: 241

        v=0
        o=- 13411300000000001 1 IN IP4 192.0.2.17
        s=Example
        c=IN IP4 192.0.2.17
        t=0 0
        m=audio 40000 RTP/AVP 9 0 8 101
        a=sendrecv
        a=rtpmap:9 G722/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=rtcp-mux
        a=label:1

        """.ReplaceLineEndings("\r\n"));

    public static string Register(int number, string branch, string authorization = "") => $"""
        REGISTER sip:demo.localhost SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bK{branch};rport
        Max-Forwards: 70
        Contact: <sip:{number}@127.0.0.1:5099>
        To: <sip:{number}@demo.localhost>
        From: <sip:{number}@demo.localhost>;tag=t{number}
        Call-ID: reg-{number}-{branch}
        CSeq: 1 REGISTER
        Expires: 3600
        User-Agent: bench
        {authorization}Content-Length: 0


        """.ReplaceLineEndings("\r\n");
}
