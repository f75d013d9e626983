using Telephony.Media.Srtp;

namespace Telephony.Media.Relay;

/// <summary>
/// What protects a leg's packets on the wire (RFC 3711). RTP and RTCP have a sender each, for they are sent on different threads: the feeder's and the packet thread;
/// both are received on the packet thread. Replaced whole (<see cref="LegTransport.Security"/>); what went is disposed of when all threads have passed by.
/// </summary>
/// <param name="Rtp">Null: there are no keys yet, and nothing is sent.</param>
/// <param name="Rtcp">As that.</param>
/// <param name="Receiver">Null: there are no keys yet, and nothing is taken.</param>
internal sealed record TransportSecurity(SrtpSender? Rtp, SrtpSender? Rtcp, SrtpReceiver? Receiver) : IDisposable
{
    /// <summary>SRTP, for which there are no keys yet.</summary>
    public static TransportSecurity WithoutKeys { get; } = new(null, null, null);

    public TransportSecurity(SrtpKeys send, SrtpKeys receive)
        : this(new SrtpSender(send), new SrtpSender(send), new SrtpReceiver(receive))
    {
    }

    public void Dispose()
    {
        Rtp?.Dispose();
        Rtcp?.Dispose();
        Receiver?.Dispose();
    }
}
