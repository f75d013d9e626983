using System.Net;

namespace Telephony.Sip;

/// <summary>Who takes what transports receive. Called on their threads.</summary>
internal interface IReceiver
{
    /// <summary>Counts a datagram. False: it is dropped, unread.</summary>
    bool Admits(SocketAddress from);

    /// <summary>Whether an address may connect.</summary>
    bool Admits(IPAddress from);

    /// <summary>One datagram, or one whole message of a stream. The bytes may be changed, and are only good during the call.</summary>
    /// <returns>False when it was no SIP message: a stream has lost its way then.</returns>
    bool OnMessage(Span<byte> message, Channel channel);

    /// <summary>A peer did what speaks against it, before it sent a message.</summary>
    void OnOffence(Channel channel, Offence offence);

    /// <summary>A connection is gone.</summary>
    void OnClosed(Channel channel, IReadOnlyCollection<ClientTransaction> waiting);
}
