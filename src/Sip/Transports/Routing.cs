using System.Net;

namespace Telephony.Sip;

/// <summary>Which channel a message takes: the flow that was asked for while it is there, else what the message itself names.</summary>
internal sealed class Routing(string edge, Listeners listeners, Connections connections, LookupQueue lookups)
{
    /// <summary>The way of a request; null when there is none.</summary>
    /// <param name="flow">Where its owner wants it sent. Null: the first Route, else the Request-URI.</param>
    public Channel? ChannelFor(SipRequest request, SipFlow? flow)
    {
        if (flow is null) return Destination.TryOf(request, out var way) ? ChannelTo(way) : null;
        if (flow.Transport == SipTransport.Udp) return IPEndPoint.TryParse(flow.Remote, out var remote) ? ChannelTo(new(SipTransport.Udp, remote)) : null;
        if (connections.Find(flow.Connection) is { IsOpen: true } connection) return connection;

        // the connection is gone: try to reach the peer where it says that it listens
        return Destination.TryOf(request, out var target) ? ChannelTo(target with { Transport = flow.Transport, Host = flow.Transport == SipTransport.Tls ? target.Host : "" }) : null;
    }

    /// <summary>Whose servers to look up when <see cref="ChannelFor"/> has found no way. False: there is none to be found.</summary>
    public static bool TryTarget(SipRequest request, SipFlow? flow, out SipTarget target)
    {
        target = default;
        if (flow?.Transport is SipTransport.Udp or SipTransport.Ws or SipTransport.Wss || !SipTarget.TryOf(request, out target)) return false;
        if (flow is not null) target = target with { Transport = flow.Transport };
        return true;
    }

    /// <summary>The way back of a request that came by this flow, which may be gone (§18.2.2).</summary>
    public Channel? ChannelBack(SipRequest request, SipFlow flow)
    {
        if (flow.Transport == SipTransport.Udp) return IPEndPoint.TryParse(flow.Remote, out var remote) ? ChannelTo(new(SipTransport.Udp, remote))?.Back(request.TopVia) : null;
        if (connections.Find(flow.Connection) is { IsOpen: true } connection) return connection;
        return ChannelBack(request);
    }

    /// <summary>The way of a response whose connection is gone (§18.2.2, RFC 3263 §5), and of those to a request; null when its Via names none.</summary>
    public Channel? ChannelBack(SipMessage message) =>
        Destination.TryBack(message, out var source) && SipTarget.TryOfSender(message, out var sentBy) ? new WayBack(this, lookups, source, sentBy, edge) : null;

    public Channel? ChannelTo(Destination way)
    {
        if (way.EndPoint.Port == 0) return null;
        if (way.Transport is SipTransport.Tcp or SipTransport.Tls) return connections.ConnectionTo(way);
        return way.Transport == SipTransport.Udp ? listeners.Udp(way.EndPoint.AddressFamily)?.ChannelTo(way.EndPoint) : null;
    }

    /// <summary>The request with our Via on top, as it goes by this channel (§18.1.1).</summary>
    public SipRequest WithVia(SipRequest request, Channel channel, string branch)
    {
        var transport = channel.Flow.Transport switch
        {
            SipTransport.Udp => "UDP",
            SipTransport.Tcp => "TCP",
            SipTransport.Tls => "TLS",
            SipTransport.Ws => "WS",
            _ => "WSS",
        };
        return request.WithVia($"SIP/2.0/{transport} {listeners.Address(channel.Flow.Transport, channel.Remote.AddressFamily)};rport;branch={branch}");
    }
}
