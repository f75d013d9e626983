using System.Collections.Immutable;
using System.Globalization;
using Telephony.Configuration;
using Telephony.Grains.Extensions;
using Telephony.Grains.Signalling;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// The dialogs and media legs of one call: it turns what was decided into requests, responses and media commands, keeps note of where each dialog stands, and decides
/// nothing itself. Belongs to one CallGrain and runs in its turns.
/// </summary>
internal sealed class CallSignalling(string tenant, CallId call, CallServices services)
{
    private readonly Dictionary<string, int> _pending = []; // client transactions without a final response yet, and their legs
    private readonly HashSet<OverDialog> _over = []; // dialogs that had their BYE, from either side
    private readonly HashSet<int> _undecided = []; // legs whose peer's offer is not answered
    private const int Jump = 100; // over what was sent and not stored, PRACKs and their like

    private IMediaNode _media = null!;
    private string _domain = "";
    private int _transactions;

    public ImmutableList<SipLeg> Legs { get; private set; } = [];

    public SipLeg Caller => Legs[0];

    public string Domain => _domain;

    public string MediaNode => _media.Id;

    /// <summary>How often a party described itself anew.</summary>
    public int Descriptions { get; private set; }

    /// <summary>No client transaction waits for a final response.</summary>
    public bool IsQuiet => _pending.Count == 0;

    public SipLeg? Find(int leg) => leg >= 0 && leg < Legs.Count ? Legs[leg] : null;

    public CallSnapshot ToSnapshot(Call current) => new(current, _domain, _media.Id, [.. Legs], _transactions) { Over = [.. _over] };

    public void Begin(string domain) => (_domain, _media) = (domain, services.MediaNodes.Choose());

    /// <summary>Takes over the legs of an earlier start, and the transactions that began them while they have no final response.</summary>
    public void Restore(CallSnapshot snapshot)
    {
        (_domain, _transactions) = (snapshot.Domain, snapshot.Transactions + Jump);
        _media = services.MediaNodes.Get(snapshot.MediaNode);
        Legs = [.. snapshot.Legs.Select(Ahead)];
        _over.UnionWith(snapshot.Over);
        if (snapshot.Call.Status is CallStatus.Talking)
        {
            foreach (var leg in Legs.Where(leg => !snapshot.IsInvited(leg.Number))) Set(leg with { Session = OfferAnswer.None with { IsEstablished = true } });
            return;
        }

        RestoreCaller();
        foreach (var waiting in snapshot.Call.Waiting) RestoreInvite(waiting.Number, Legs[waiting.Number].Transaction, Legs[waiting.Number].Invite);
    }

    /// <summary>Takes over the caller's INVITE, to answer it.</summary>
    public void RestoreCaller() => services.Edges.Get(Caller.Flow.Edge).RestoreServer(Caller.Transaction, Caller.Invite, Caller.Flow, Address(Caller));

    /// <summary>Takes over a re-INVITE of a peer, to answer it.</summary>
    public void Restore(int number, SipRequestReceived input) => services.Edges.Get(input.Edge).RestoreServer(input.Transaction, input.Request, input.Flow, Address(Legs[number]));

    /// <summary>Takes over an INVITE of ours, to hear its final response or to cancel it.</summary>
    public void RestoreInvite(int number, string transaction, SipRequest invite)
    {
        var leg = Legs[number];
        _pending[transaction] = number;
        services.Edges.Get(leg.Flow.Edge).RestoreClient(transaction, invite, leg.Dialog is { } dialog && invite.To.Tag is not null ? FlowChoice.Toward(dialog, leg.Flow) : leg.Flow, Address(leg));
    }

    /// <summary>Takes the media legs of these legs over, with the epoch of this start.</summary>
    /// <returns>Why one of them can't be had.</returns>
    public async ValueTask<MediaError> AdoptMedia(IEnumerable<Leg> legs)
    {
        foreach (var leg in legs)
        {
            if (await _media.Adopt(Legs[leg.Number].MediaLeg, Owner) is not MediaError.None and var error) return error;
        }

        return MediaError.None;
    }

    /// <summary>Makes the media legs of these legs anew on another node, each described by what its peer said last, and lets them hear each other.</summary>
    public async ValueTask<MediaError> MoveMedia(IEnumerable<Leg> legs)
    {
        _media = services.MediaNodes.Choose();
        var moved = legs.Select(leg => (Legs[leg.Number], leg.Device)).ToList();
        foreach (var (leg, device) in moved)
        {
            var error = await CreateMedia(leg.MediaLeg, leg.Flow, device);
            if (error is MediaError.None && !leg.Described.IsEmpty) error = await _media.SetRemote(leg.MediaLeg, services.Epoch, leg.Described);
            if (error is not MediaError.None) return error;
        }

        return await Connect(moved[^1].Item1);
    }

    /// <summary>
    /// A leg's peer may have come back by another connection, after a restart of ours or a change of its network: then requests go by that. Of a device's phones it is the one
    /// with the peer's contact, or the only one.
    /// </summary>
    public void Relocate(int number, ImmutableArray<RingTarget> targets)
    {
        var leg = Legs[number];
        var all = targets.SelectMany(target => target.Others.Prepend(target)).ToList();
        if (all.Count == 0 || all.Exists(target => target.Flow == leg.Flow)) return;

        var peer = leg.Dialog is { } dialog && SipUri.TryParse(dialog.RemoteTarget, out var uri) ? uri.User : null;
        var same = all.FindAll(target => SipUri.TryParse(target.Contact, out var contact) && contact.User == peer);
        if (same.Count > 0 || all.Count == 1) Set(leg with { Flow = (same.Count > 0 ? same : all)[0].Flow });
    }

    /// <summary>Adds a leg, or puts its new state in the place of the old one.</summary>
    public SipLeg Set(SipLeg leg)
    {
        Legs = leg.Number == Legs.Count ? Legs.Add(leg) : Legs.SetItem(leg.Number, leg);
        return leg;
    }

    // ---- requests of the peer

    /// <summary>Checks a request against its leg's dialog and takes note of it: order, session timer, offer. False: it is answered.</summary>
    public bool Receive(int number, SipRequestReceived input)
    {
        if (Find(number) is not { Dialog: { } dialog } leg)
        {
            Refuse(input, 481);
            return false;
        }

        var (request, method) = (input.Request, input.Request.Method);
        var match = dialog.Receive(request, out var next);
        if (match is not DialogMatch.InOrder)
        {
            Refuse(input, match is DialogMatch.OutOfOrder ? 500 : 481);
            return false;
        }

        var isRefresh = method == SipMethod.Invite || method == SipMethod.Update; // a PRACK is placed once it is known to match
        var placement = isRefresh
            ? leg.Session.On(DialogSide.Peer, method == SipMethod.Invite ? SessionMessage.Invite : SessionMessage.Update, !request.Sdp().IsEmpty)
            : new(leg.Session, BodyRole.None);
        var status = isRefresh && services.SessionTimers.IsTooShort(request) ? 422 : placement.Status;
        if (status != 0)
        {
            Set(leg with { Dialog = dialog with { RemoteSequence = next.RemoteSequence } });
            Refuse(input, status);
            return false;
        }

        if (method == SipMethod.Bye) _over.Add(new(number, dialog.RemoteTag));
        if (isRefresh) next = next with { RemoteTarget = dialog.RemoteTarget }; // until it is accepted
        Set((leg with { Dialog = next, Flow = input.Flow, Session = placement.Next }).Knowing(request));
        return true;
    }

    /// <summary>Answers a request that <see cref="Receive"/> took in.</summary>
    public void Respond(int number, SipRequestReceived input, int status, ReadOnlyMemory<byte> sdp = default, SipWarning? warning = null)
    {
        var method = input.Request.Method;
        var response = Answer(input, status);
        if (status < 300 && (method == SipMethod.Invite || method == SipMethod.Update))
        {
            response.Add("Contact", Contact(input.Flow));
            Set(Legs[number] with { Dialog = Legs[number].Dialog!.WithTarget(input.Request) });
            if (method == SipMethod.Invite || Legs[number].Timer is not null) StartTimer(number, input.Request, response);
        }

        if (warning is not null) response.Add(warning);
        if (!sdp.IsEmpty) response.Body(sdp, SessionDescription.Type);
        if (SessionMessageOf(method, status) is { } message && (method == SipMethod.Invite || !input.Request.Sdp().IsEmpty))
        {
            Set(Legs[number] with { Session = Legs[number].Session.On(DialogSide.Us, message, !sdp.IsEmpty).Next });
        }

        services.Edges.Get(input.Edge).Respond(input.Transaction, response.Build());
    }

    /// <summary>Says in a 2xx how long the session lives, and starts its timer.</summary>
    public void StartTimer(int number, SipRequest request, SipResponseBuilder response)
    {
        var timer = services.SessionTimers.Accept(request, services.Clock.GetUtcNow(), out var expires, out var isRequired);
        response.Add(expires);
        if (isRequired) response.Add("Require", "timer");
        Set(Legs[number] with { Timer = timer });
    }

    public void Claim(SipRequestReceived input, int number) => services.Edges.Get(input.Edge).Claim(input.Transaction, Address(Legs[number]));

    // ---- requests of ours

    /// <summary>Makes a request within a leg's dialog. It is sent by <see cref="Send"/>, once the snapshot with its CSeq is written.</summary>
    public (string Transaction, SipRequest Request) Next(int number, SipMethod method, ReadOnlyMemory<byte> body = default, string contentType = SessionDescription.Type, RAck? rack = null, TimeSpan minimum = default)
    {
        var leg = Legs[number];
        var builder = leg.Dialog!.Next(method, out var next).Add("User-Agent", services.UserAgent);
        var isRefresh = method == SipMethod.Invite || method == SipMethod.Update;
        if (isRefresh) builder.Add("Contact", Contact(leg.Flow)).Add("Allow", Abilities.Allow);
        if (isRefresh && leg.Timer is { } timer) AskForTimer(builder, timer, minimum);
        if (rack is { } acknowledged) builder.Add(acknowledged);
        if (!body.IsEmpty) builder.Body(body, contentType);
        var session = isRefresh || method == SipMethod.Prack
            ? leg.Session.On(DialogSide.Us, method == SipMethod.Invite ? SessionMessage.Invite : method == SipMethod.Update ? SessionMessage.Update : SessionMessage.Prack, !body.IsEmpty).Next
            : leg.Session;
        Set(leg with { Dialog = next, Session = session });
        return (NextTransaction(number), builder.Build());
    }

    /// <summary>What an INVITE or UPDATE says of session timers.</summary>
    public void AskForTimer(SipRequestBuilder request, SessionTimer? current, TimeSpan minimum) => request
        .Add("Supported", "timer")
        .Add(services.SessionTimers.Ask(current, minimum))
        .Add(minimum > TimeSpan.Zero ? new MinSe(minimum) : services.SessionTimers.MinSe);

    public void Send(int number, string transaction, SipRequest request)
    {
        var leg = Legs[number];
        _pending[transaction] = number;
        services.Edges.Get(leg.Flow.Edge).Send(transaction, request, FlowChoice.Toward(leg.Dialog!, leg.Flow), Address(leg));
    }

    /// <summary>Sends the INVITE that begins a leg's dialog.</summary>
    public void SendInvite(int number)
    {
        var leg = Legs[number];
        _pending[leg.Transaction] = number;
        services.Edges.Get(leg.Flow.Edge).Send(leg.Transaction, leg.Invite, leg.Flow, Address(leg));
    }

    /// <summary>Takes the final response to a request within a leg's dialog in: where its target, session and timer are now.</summary>
    public Placement Took(int number, SipRequest request, SipResponse response)
    {
        var (leg, method) = (Legs[number], request.Method);
        var placement = SessionMessageOf(method, response.Status) is { } message && (method == SipMethod.Invite || !request.Sdp().IsEmpty)
            ? leg.Session.On(DialogSide.Peer, message, !response.Sdp().IsEmpty)
            : new(leg.Session, BodyRole.None);
        leg = leg with { Session = placement.Next };
        if (response.IsSuccess)
        {
            leg = (leg with { Dialog = leg.Dialog!.Receive(response) }).Knowing(response);
            if (request.Header<SessionExpires>() is { } asked) leg = leg with { Timer = SessionTimerRules.Agreed(asked, response, services.Clock.GetUtcNow()) };
        }

        Set(leg);
        return placement;
    }

    public void Acknowledge(int number, string transaction, uint inviteCSeq, ReadOnlyMemory<byte> sdp)
    {
        var leg = Legs[number];
        var ack = leg.Dialog!.Ack(inviteCSeq);
        if (!sdp.IsEmpty) ack.Body(sdp, SessionDescription.Type);
        Set(leg with { Session = leg.Session.On(DialogSide.Us, SessionMessage.Ack, !sdp.IsEmpty).Next });
        services.Edges.Get(leg.Flow.Edge).Acknowledge(transaction, ack.Build(), FlowChoice.Toward(leg.Dialog, leg.Flow));
    }

    public void Cancel(int number, string transaction) => services.Edges.Get(Legs[number].Flow.Edge).Cancel(transaction);

    public void HangUp(int number)
    {
        if (Legs[number].Dialog is not { } dialog || !_over.Add(new(number, dialog.RemoteTag))) return;

        var (transaction, bye) = Next(number, SipMethod.Bye);
        Send(number, transaction, bye);
    }

    public bool IsOver(int number, string tag) => _over.Contains(new(number, tag));

    /// <summary>The final response of a client transaction is here.</summary>
    public void Finished(string transaction) => _pending.Remove(transaction);

    // ---- media

    /// <param name="flow">How its peer is reached.</param>
    /// <param name="device">Who that is, for whether its sound must be encrypted.</param>
    public async ValueTask<MediaError> CreateMedia(string mediaLeg, SipFlow flow, string device)
    {
        var policy = (await services.Configuration.FindDevice(tenant, device))?.MediaSecurity ?? MediaSecurityPolicy.Optional;
        return await _media.CreateLeg(mediaLeg, Owner, LegProfile.Of(flow, policy));
    }

    public async ValueTask<MediaError> SetRemote(int number, ReadOnlyMemory<byte> sdp)
    {
        var error = await _media.SetRemote(Legs[number].MediaLeg, services.Epoch, sdp);
        if (error is MediaError.None) Settle(number, sdp);
        return error;
    }

    public ValueTask<MediaError> SetOffer(int number, ReadOnlyMemory<byte> sdp)
    {
        _undecided.Add(number);
        return _media.SetOffer(Legs[number].MediaLeg, services.Epoch, sdp);
    }

    public async ValueTask Rollback(int number)
    {
        _undecided.Remove(number);
        await _media.Rollback(Legs[number].MediaLeg, services.Epoch);
    }

    /// <summary>Whether a peer describes again what it described last, as in a session refresh (RFC 4028 §7.4).</summary>
    public bool IsUnchanged(int number, ReadOnlyMemory<byte> sdp) => !_undecided.Contains(number) && !sdp.IsEmpty && Legs[number].Described.Span.SequenceEqual(sdp.Span);

    /// <summary>What a peer's offer was is its description now.</summary>
    public void Settle(int number, ReadOnlyMemory<byte> sdp)
    {
        _undecided.Remove(number);
        if (Legs[number].Described.Span.SequenceEqual(sdp.Span)) return;

        Descriptions++;
        Set(Legs[number] with { Described = sdp });
    }

    public ValueTask<MediaDescription> CreateOffer(int number, int like) => CreateOffer(Legs[number].MediaLeg, like);

    public ValueTask<MediaDescription> CreateOffer(string mediaLeg, int like) => _media.CreateOffer(mediaLeg, services.Epoch, Legs[like].MediaLeg);

    public ValueTask<MediaDescription> CreateAnswer(int number, int like) =>
        _media.CreateAnswer(Legs[number].MediaLeg, services.Epoch, Legs[like].MediaLeg);

    /// <summary>Lets a leg and the caller hear each other.</summary>
    public ValueTask<MediaError> Connect(SipLeg leg) =>
        _media.Connect(services.Epoch, [new MediaPath(Caller.MediaLeg, leg.MediaLeg), new MediaPath(leg.MediaLeg, Caller.MediaLeg)]);

    /// <param name="command">Names the key, so that a repeated command presses it once.</param>
    public ValueTask<MediaError> SendDtmf(int number, string command, Dtmf key) => _media.SendDtmf(
        Legs[number].MediaLeg, services.Epoch, command, key.Digit.ToString(), TimeSpan.FromMilliseconds(Math.Clamp(key.Duration?.TotalMilliseconds ?? 160, 40, 8000)));

    /// <summary>Frees the ports of a leg. Null: it had none, or they are gone.</summary>
    public async ValueTask<MediaLegStatistics?> ReleaseMedia(int number) => Find(number) is { } leg ? await _media.Release(leg.MediaLeg, services.Epoch) : null;

    // ---- names

    public string Contact(SipFlow flow)
    {
        var transport = flow.Transport switch
        {
            SipTransport.Udp => "",
            SipTransport.Tcp => ";transport=tcp",
            SipTransport.Tls => ";transport=tls",
            _ => ";transport=ws", // of either kind (RFC 7118 §5.2)
        };
        return $"<sip:{services.Edges.Get(flow.Edge).Address(flow)}{transport}>";
    }

    public LegAddress AddressOf(int number) => new(tenant, call, number);

    public string NextTransaction(int leg) => string.Create(CultureInfo.InvariantCulture, $"{call}.{leg}.{++_transactions}");

    private MediaOwner Owner => new(services.Silo, services.Epoch, call.ToString());

    private static SipLeg Ahead(SipLeg leg) => leg.Dialog is { } dialog ? leg with { Dialog = dialog.WithLocalSequenceAtLeast(dialog.LocalSequence + Jump) } : leg;

    private string Address(SipLeg leg) => AddressOf(leg.Number).ToOwner();

    private static SessionMessage? SessionMessageOf(SipMethod method, int status) =>
        method == SipMethod.Invite ? (status < 300 ? SessionMessage.Success : SessionMessage.Failure)
        : method == SipMethod.Prack ? (status < 300 ? SessionMessage.PrackSuccess : SessionMessage.PrackFailure)
        : method == SipMethod.Update ? (status < 300 ? SessionMessage.UpdateSuccess : SessionMessage.UpdateFailure)
        : null;

    private SipResponseBuilder Answer(SipRequestReceived input, int status)
    {
        var response = SipResponse.For(input.Request, status).Add("Allow", Abilities.Allow);
        if (status < 300) response.Add("Supported", "100rel, timer");
        if (status == 422) response.Add(services.SessionTimers.MinSe);
        if (status == 500) response.Add("Retry-After", Glare.RetryAfter(services.Random).ToString(CultureInfo.InvariantCulture)); // RFC 3261 §14.2
        return response;
    }

    /// <summary>Answers a request that changed nothing.</summary>
    private void Refuse(SipRequestReceived input, int status) => services.Edges.Get(input.Edge).Respond(input.Transaction, Answer(input, status).Build());
}
