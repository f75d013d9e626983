using System.Text;

namespace Telephony.Sip.Fuzzing;

/// <summary>Right messages to begin with: the kinds that the stack treats differently, and the grammar's odder corners.</summary>
internal static class FuzzSamples
{
    public static IReadOnlyList<byte[]> All { get; } =
    [.. new[]
    {
        Request("INVITE", "z9hG4bK1", "Content-Type: application/sdp\nAllow: INVITE, ACK, BYE\nSupported: replaces, timer\nUser-Agent: Phone 1.0", "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\n"),
        Request("INVITE", "z9hG4bK2;rport;received=192.0.2.7", "c: multipart/mixed ; boundary=\"b\"\nMIME-Version: 1.0", "--b\nContent-Type: application/sdp\n\nv=0\n--b\nContent-Type: multipart/alternative;boundary=c\n\n--c\n\nx\n--c--\n\n--b--\n"),
        Request("ACK", "z9hG4bK1", "Route: <sip:127.0.0.1;lr>, \"A, B\" <sips:[2001:db8::1]:5061;lr>"),
        Request("CANCEL", "z9hG4bK1", "Reason: SIP;cause=200;text=\"Call completed elsewhere\""),
        Request("BYE", "z9hG4bK3", "Record-Route: <sip:192.0.2.9;lr;x=%20>\nSubject: one\n two\n\tthree"),
        Request("REGISTER", "z9hG4bK4", "m: <sip:a@[::ffff:192.0.2.2]:5062;transport=tcp>;q=0.5;expires=60, <tel:+441632960083>\nExpires: 3600\nAuthorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", response=\"0\""),
        Request("OPTIONS", "abc", "Require: path\nTimestamp: 54.2 1\nWarning: 301 a \"b \\\" c\"\nX-\u00e4: y"),
        Request("!odd-Method", "z9hG4bK5;x=\"a;b,c\"", "Event: talk\nDate: Sat, 13 Nov 2010 23:29:00 GMT\nContact: *"),
        Request("INVITE", "z9hG4bK6", "Replaces: 1@h;to-tag=a;from-tag=b\nb: <sip:c@h>\nHistory-Info: <sip:b@h>;index=1, <sip:c@h;cause=302?Reason=SIP%3Bcause%3D486>;index=1.1;mp=1\nDiversion: <sip:d@h>;reason=no-answer\nP-Asserted-Identity: \"A\" <sip:a@h>, <tel:+1>\nPrivacy: id;critical\nCall-Info: <sip:h>;answer-after=0\nAlert-Info: info=alert-autoanswer"),
        Request("REFER", "z9hG4bK7", "r: <sip:b@h?Replaces=1%40h%3Bto-tag%3Da%3Bfrom-tag%3Db>\nRefer-Sub: false\nTarget-Dialog: 1@h;local-tag=a;remote-tag=b"),
        Request("NOTIFY", "z9hG4bK8", "o: refer;id=93\nSubscription-State: terminated;reason=noresource\nc: message/sipfrag;version=2.0", "SIP/2.0 200 OK\n"),
        Request("SUBSCRIBE", "z9hG4bK9", "Event: talk;id=1\nExpires: 60\nContact: <sip:a@192.0.2.1>\nAccept: text/plain;q=0.5, */*;q=0.1"),
        Request("PUBLISH", "z9hG4bKa", "Event: talk\nSIP-If-Match: t1\nExpires: 60\nc: text/plain", "Messages-Waiting: yes\nVoice-Message: 2/8 (0/2)\n"),
        Request("INFO", "z9hG4bKb", "c: application/dtmf-relay", "Signal=5\nDuration=160\n"),
        Response("302 Moved", "INVITE").Replace("Contact: <sip:b@192.0.2.2>", "Contact: <sip:a@h?Subject=x%20y&Expires=z>;q=0.5, <sip:b@h>;expires=60", StringComparison.Ordinal),
        Response("200 OK", "INVITE"), Response("180", "INVITE"), Response("401 Unauthorized", "REGISTER"), Response("699 \u5927", "OPTIONS"),
        "\n\n", "\n\n\n\n",
    }.Select(text => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")))];

    /// <summary>The samples, and the files of a folder.</summary>
    public static IReadOnlyList<byte[]> With(string folder) => [.. All, .. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length > 0)];

    private static string Request(string method, string branch, string more, string body = "") =>
        $"{method} sip:bob%20b@127.0.0.1:5060;transport=udp SIP/2.0\n"
        + $"Via: SIP/2.0/UDP 192.0.2.1:5060;branch={branch}, SIP / 2.0 / TCP [2001:db8::9:1]:5060 ; branch=z9hG4bKx\n"
        + "Max-Forwards: 70\nf: \"Al \\\"ice\\\"\" <sip:alice@example.com;x=y?h=1>;tag=a1\nTo: Bob <sip:bob@example.com>;tag=b1\n"
        + $"i: c1@192.0.2.1\nCSeq: 7 {method}\n{more}\nContent-Length: {Encoding.UTF8.GetByteCount(body.ReplaceLineEndings("\r\n"))}\n\n{body}";

    private static string Response(string status, string method) =>
        $"SIP/2.0 {status}\nv: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKt1;rport=5060;received=127.0.0.1\nFrom: <sip:a@b>;tag=1\nt: sip:b@c;tag=2\n"
        + $"Call-ID: x\nCSeq: 7 {method}\nContact: <sip:b@192.0.2.2>\nRecord-Route: <sip:p;lr>\nl: 0\n\n";
}
