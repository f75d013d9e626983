namespace Telephony.Media.Relay;

/// <summary>An even port for RTP and the odd one after it for RTCP (RFC 3550 §11), with their sockets.</summary>
internal sealed record PortPair(int Port, UdpSocket Rtp, UdpSocket Rtcp)
{
    public void Close()
    {
        Rtp.Close();
        Rtcp.Close();
    }
}
