using System.Text;

namespace Telephony.Sip.Tests;

/// <summary>Messages that tests start from.</summary>
internal static class TestMessages
{
    public static SipRequest Request(string text)
    {
        Assert.True(SipRequest.TryParse(Bytes(text), out var request, out var error), error.Reason);
        return request!;
    }

    public static SipResponse Response(string text)
    {
        Assert.True(SipResponse.TryParse(Bytes(text), out var response, out var error), error.Reason);
        return response!;
    }

    /// <summary>Text with plain line ends as the bytes of a message.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static string Invite(string branch = "z9hG4bK1", string method = "INVITE", int cseq = 1, string more = "", string toTag = "", string callId = "c1", string fromTag = "a1") =>
        $"""
        {method} sip:bob@127.0.0.1 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1:5060;branch={branch}
        Max-Forwards: 70
        From: "Alice" <sip:alice@example.com>;tag={fromTag}
        To: <sip:bob@example.com>{(toTag.Length == 0 ? "" : ";tag=" + toTag)}
        Call-ID: {callId}
        CSeq: {cseq} {method}
        Contact: <sip:alice@192.0.2.1:5060>
        {more}Content-Length: 0


        """;
}
