namespace Telephony.Media.Relay;

/// <summary>Takes what comes on a leg's RTP port and is no RTP: STUN (first byte 0 to 3) and DTLS (20 to 63, RFC 7983 §7).</summary>
internal interface IDatagramHook
{
    /// <summary>On the leg's packet thread, for any source address. Never throws. What it sends goes by <see cref="LegTransport.SendTo"/>.</summary>
    /// <param name="source">A <c>struct sockaddr</c>.</param>
    /// <returns>False: it is nothing that we take, and is counted as dropped.</returns>
    bool OnDatagram(Span<byte> datagram, ReadOnlySpan<byte> source, LegTransport transport, MediaThread thread);
}
