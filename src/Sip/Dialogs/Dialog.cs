using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>How a request relates to a dialog (RFC 3261 §12.2.2).</summary>
public enum DialogMatch
{
    /// <summary>It is the next one.</summary>
    InOrder,

    /// <summary>Its CSeq is not above the last: answer 500.</summary>
    OutOfOrder,

    /// <summary>Its Call-ID or tags are another dialog's: answer 481.</summary>
    OtherDialog,
}

/// <summary>
/// One side of a dialog (RFC 3261 §12), as plain data: it can be stored, and every change makes a new one.
/// </summary>
/// <param name="LocalUri">Our From in requests that we send, as <c>"Name" &lt;uri&gt;</c> without the tag.</param>
/// <param name="RemoteUri">Our To in requests that we send, without the tag.</param>
/// <param name="RemoteTarget">The peer's Contact URI: where requests go.</param>
/// <param name="LocalSequence">The CSeq of the last request that we sent; 0 before the first.</param>
/// <param name="RemoteSequence">The CSeq of the last request that we got; null before the first.</param>
/// <param name="RouteSet">Route values, in the order they are sent.</param>
[GenerateSerializer, Immutable]
public sealed record Dialog(
    [property: Id(0)] string CallId,
    [property: Id(1)] string LocalTag,
    [property: Id(2)] string RemoteTag,
    [property: Id(3)] string LocalUri,
    [property: Id(4)] string RemoteUri,
    [property: Id(5)] string RemoteTarget,
    [property: Id(6)] uint LocalSequence,
    [property: Id(7)] uint? RemoteSequence,
    [property: Id(8)] ImmutableArray<string> RouteSet)
{
    /// <summary>The dialog that a response to our INVITE (or SUBSCRIBE, REFER) makes; early while the response is provisional (§12.1.2).</summary>
    /// <returns>Null when the response has no To tag, so makes none.</returns>
    public static Dialog? FromResponse(SipRequest invite, SipResponse response)
    {
        if (response.To.Tag is not { Length: > 0 } remoteTag) return null;

        return new(
            response.CallId,
            invite.From.Tag ?? "",
            remoteTag,
            WithoutTag(invite.From),
            WithoutTag(invite.To),
            Target(response) ?? invite.RequestUri.ToString(),
            invite.CSeq.Number,
            RemoteSequence: null,
            [.. response.Headers("Record-Route").Reverse()]);
    }

    /// <summary>The dialog that our answer with <paramref name="localTag"/> to this request makes (§12.1.1).</summary>
    public static Dialog FromRequest(SipRequest invite, string localTag) => new(
        invite.CallId,
        localTag,
        invite.From.Tag ?? "", // absent from RFC 2543 clients
        WithoutTag(invite.To),
        WithoutTag(invite.From),
        Target(invite) ?? invite.From.Uri.WithoutHeaders(),
        LocalSequence: 0,
        invite.CSeq.Number,
        [.. invite.Headers("Record-Route")]);

    /// <summary>Starts the next request in this dialog (§12.2.1.1): CSeq, tags, target and route set are filled in. Contact and body are the caller's.</summary>
    public SipRequestBuilder Next(SipMethod method, out Dialog next)
    {
        next = this with { LocalSequence = LocalSequence + 1 };
        return next.Request(method, next.LocalSequence);
    }

    /// <summary>Starts the ACK of a 2xx to our INVITE (§13.2.2.4). A body, and the INVITE's credentials, are the caller's.</summary>
    public SipRequestBuilder Ack(uint inviteCSeq) => Request(SipMethod.Ack, inviteCSeq);

    /// <summary>Takes a request of the peer in: checks that it is this dialog's and in order, and follows its Contact if it refreshes the target (§12.2.2).</summary>
    /// <param name="next">The dialog after it; unchanged unless <see cref="DialogMatch.InOrder"/>.</param>
    public DialogMatch Receive(SipRequest request, out Dialog next)
    {
        next = this;
        if (!Matches(request)) return DialogMatch.OtherDialog;

        var cseq = request.CSeq;
        if (cseq.Method == SipMethod.Ack || cseq.Method == SipMethod.Cancel) return DialogMatch.InOrder; // these carry the INVITE's number
        if (cseq.Number <= RemoteSequence) return DialogMatch.OutOfOrder;

        next = this with
        {
            RemoteSequence = cseq.Number,
            RemoteTarget = RefreshesTarget(cseq.Method) && Target(request) is { } target ? target : RemoteTarget,
        };
        return DialogMatch.InOrder;
    }

    /// <summary>Follows the Contact of a re-INVITE or UPDATE that we accept. One that is refused leaves the target as it was (RFC 6141 §4).</summary>
    public Dialog WithTarget(SipRequest accepted) => Target(accepted) is { } target ? this with { RemoteTarget = target } : this;

    /// <summary>Takes the answer to one of our requests in: a 2xx (or reliable provisional) to a re-INVITE or UPDATE may move the target (§12.2.1.2).</summary>
    public Dialog Receive(SipResponse response) =>
        response.Status is > 100 and < 300 && RefreshesTarget(response.CSeq.Method) && Target(response) is { } target
            ? this with { RemoteTarget = target }
            : this;

    /// <summary>Whether a request of the peer belongs to this dialog.</summary>
    public bool Matches(SipRequest request) =>
        request.CallId == CallId && (request.To.Tag ?? "") == LocalTag && (request.From.Tag ?? "") == RemoteTag;

    /// <summary>Jumps ahead, so that a number that was used but not stored is not used again.</summary>
    public Dialog WithLocalSequenceAtLeast(uint sequence) => LocalSequence >= sequence ? this : this with { LocalSequence = sequence };

    private SipRequestBuilder Request(SipMethod method, uint sequence)
    {
        var (uri, routes) = Way();
        var request = SipRequest.Create(method, uri)
            .Add("Max-Forwards", "70")
            .Add("From", WithTag(LocalUri, LocalTag))
            .Add("To", WithTag(RemoteUri, RemoteTag))
            .Add("Call-ID", CallId)
            .CSeq(sequence);
        return routes.IsEmpty ? request : request.Add("Route", string.Join(", ", routes)); // one field: a peer's list may have more than a message has room for
    }

    // a strict router (no ;lr) wants its own URI as the Request-URI, and the target last among the routes (§12.2.1.1)
    private (string Uri, ImmutableArray<string> Routes) Way()
    {
        if (RouteSet.IsDefaultOrEmpty) return (RemoteTarget, []);
        if (!NameAddress.TryParse(RouteSet[0], out var first) || first.Uri.Parameters.Contains("lr")) return (RemoteTarget, RouteSet);

        return (first.Uri.WithoutHeaders(), RouteSet.RemoveAt(0).Add($"<{RemoteTarget}>"));
    }

    private static bool RefreshesTarget(SipMethod method) =>
        method == SipMethod.Invite || method == SipMethod.Update || method == SipMethod.Subscribe || method == SipMethod.Notify || method == SipMethod.Refer;

    // headers have no place in a Request-URI (§19.1.1)
    private static string? Target(SipMessage message) => message.Contacts is [var contact, ..] ? contact.Uri.WithoutHeaders() : null;

    private static string WithoutTag(NameAddress address) => NameAddress.Format(address.DisplayName, address.Uri.ToString());

    private static string WithTag(string address, string tag) => tag.Length == 0 ? address : $"{address};tag={tag}";
}
