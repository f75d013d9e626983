using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>The session description in a message: its body, or the part of a multipart body that is one (RFC 5621 §8.2).</summary>
internal static class SessionDescription
{
    public const string Type = "application/sdp";

    public static ReadOnlyMemory<byte> Sdp(this SipMessage message) => message.IsMultipart ? message.BodyOf(Type) : message.Body;
}
