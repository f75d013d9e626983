using System.Globalization;
using System.Net;

namespace Telephony.Sip;

/// <summary>Which way a request takes (RFC 3261 §8.1.2, RFC 5626 §5.3), when both a URI and the flow that its owner was last heard on are known.</summary>
public static class FlowChoice
{
    /// <summary>
    /// A connection is used again (RFC 5923), and so is a UDP flow from somewhere else than the URI says, for then its owner is behind a NAT, or whose owner asks for it by
    /// <c>;ob</c> (RFC 5626 §4.3). Where the addresses agree, the URI's port holds (RFC 3261 §16.6 step 7): a phone may send from another port than it listens on.
    /// </summary>
    public static SipFlow Toward(string uri, SipFlow flow)
    {
        if (flow.Transport != SipTransport.Udp || !SipUri.TryParse(uri, out var target)) return flow;
        if (target.Parameters.Contains("ob")) return flow;
        if (target.Parameters["transport"] is { } transport && !transport.Equals("udp", StringComparison.OrdinalIgnoreCase)) return flow;
        if (!IPEndPoint.TryParse(flow.Remote, out var source) || !IPAddress.TryParse(target.Host.Trim('[', ']'), out var address) || !address.Equals(source.Address)) return flow;

        var remote = $"{target.Host}:{(target.Port ?? 5060).ToString(CultureInfo.InvariantCulture)}";
        return remote == flow.Remote ? flow : flow with { Remote = remote };
    }

    /// <summary>Toward a binding: its outbound flow (RFC 5626 §5.3), the way of its Path (RFC 3327 §5.3), else its contact.</summary>
    public static SipFlow? Toward(Binding binding) =>
        binding.Flow is null || binding.RegId is not null || !binding.Path.IsDefaultOrEmpty ? binding.Flow : Toward(binding.Contact, binding.Flow);

    /// <summary>
    /// The branches to ring: one for each instance of a user agent, with its bindings in the order in which they are to be tried, those that were refreshed last first (RFC 5626
    /// §5.3). A contact without an instance is a branch of its own.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Binding>> Branches(IEnumerable<Binding> bindings) =>
        bindings.GroupBy(binding => binding.Instance ?? binding.Contact, StringComparer.Ordinal).Select(branch => branch.OrderByDescending(binding => binding.ExpiresAt).ToList());

    /// <summary>Whether a status says that a flow failed, and not its owner, so that the instance's next flow is to be tried (RFC 5626 §5.3, RFC 3261 §16.7).</summary>
    public static bool IsFlowFailure(int status) => status is 408 or 430 or 503;

    /// <summary>
    /// Whether nothing but the connection that a binding came by leads to it (RFC 5626 §5.3): a WebSocket's or TLS client's, an outbound flow, a client behind a NAT. A TCP
    /// contact at the connection's other end, on a port of its own, can be called again; so can the first hop of a Path.
    /// </summary>
    public static bool NeedsFlow(Binding binding)
    {
        if (binding.Flow is not { Connection: not 0 } flow || !binding.Path.IsDefaultOrEmpty) return false;
        if (flow.Transport != SipTransport.Tcp || binding.RegId is not null || !SipUri.TryParse(binding.Contact, out var contact) || contact.Parameters.Contains("ob")) return true;

        return !IPEndPoint.TryParse(flow.Remote, out var source) || !IPAddress.TryParse(contact.Host.Trim('[', ']'), out var address)
            || !address.Equals(source.Address) || (contact.Port ?? 5060) == source.Port;
    }

    /// <summary>Toward a dialog's peer: the first of its routes, else the remote target (RFC 3261 §12.2.1.1).</summary>
    public static SipFlow Toward(Dialog dialog, SipFlow flow) => Toward(
        !dialog.RouteSet.IsDefaultOrEmpty && NameAddress.TryParse(dialog.RouteSet[0], out var route) ? route.Uri.ToString() : dialog.RemoteTarget, flow);
}
