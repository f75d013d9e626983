using System.Net;
using System.Net.WebSockets;

namespace Telephony.Sip;

/// <summary>Where a web server hands over the WebSockets that it accepted for SIP (RFC 7118).</summary>
public interface ISipWebSockets
{
    /// <summary>The WebSocket subprotocol (RFC 7118 §4.1).</summary>
    const string Subprotocol = "sip";

    /// <summary>
    /// Speaks SIP until the connection ends, and disposes the socket. A flow of its own, <see cref="SipTransport.Ws"/> or <see cref="SipTransport.Wss"/>: it counts among
    /// the connections and their limits, and is told by <see cref="ISipEdgeEvents.OnFlowClosed"/> when it is gone. Never throws for what the network does.
    /// </summary>
    /// <param name="remote">The peer.</param>
    /// <param name="isSecure">Whether TLS is underneath.</param>
    /// <param name="stop">Ends the connection.</param>
    Task Run(WebSocket socket, IPEndPoint remote, bool isSecure, CancellationToken stop);
}
