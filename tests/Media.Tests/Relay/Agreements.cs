using System.Net;
using Telephony.Media.Codecs;
using Telephony.Media.Sdp;

namespace Telephony.Media.Relay;

/// <summary>What legs agreed on, without descriptions.</summary>
internal static class Agreements
{
    public static AgreedFormat Format(string name, byte payloadType, int clock = 8000, int channels = 1, string parameters = "", byte? receive = null) =>
        new(name, clock, channels, payloadType, receive ?? payloadType, parameters, AudioCodecs.Find(name, clock, channels));

    public static StreamAgreement Of(params AgreedFormat[] formats) => new(
        null, null, IsRtcpMux: false, MediaDirection.SendReceive, [.. formats.Where(f => f.Name is not ("telephone-event" or "CN"))],
        [.. formats.Where(f => f.Name == "telephone-event")], formats.FirstOrDefault(f => f.Name == "CN"), PacketTime: 20, NoSecurity.Instance);

    public static StreamAgreement At(this StreamAgreement agreement, Phone phone) => agreement with
    {
        Rtp = new IPEndPoint(IPAddress.Loopback, phone.Port),
        Rtcp = new IPEndPoint(IPAddress.Loopback, phone.ReportPort),
    };
}
