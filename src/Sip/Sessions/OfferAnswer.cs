using static Telephony.Sip.BodyRole;
using static Telephony.Sip.SessionMessage;
using static Telephony.Sip.SessionRemedy;

namespace Telephony.Sip;

/// <summary>
/// Where in an INVITE dialog an offer and its answer travel, for one dialog and both directions: the six rows of RFC 6337 table 1, and who is refused when two want to
/// offer at once. Immutable; knows nothing of what is in a description.
/// <code>
///     offer in           answer in            also
///  1  INVITE             2xx                  1xx: preview
///  2  2xx                ACK
///  3  INVITE             reliable 1xx
///  4  reliable 1xx       PRACK
///  5  PRACK              2xx to PRACK         once there is a session
///  6  UPDATE             2xx to UPDATE        once there is a session
/// </code>
/// </summary>
/// <param name="InviteBy">Whose INVITE is under way.</param>
/// <param name="OfferBy">Who made the offer that has no answer yet.</param>
/// <param name="OfferIn">What that offer came in.</param>
/// <param name="IsEstablished">There is a session: an offer was answered.</param>
/// <param name="IsTentative">The last answer belongs to a re-INVITE that may still fail.</param>
[GenerateSerializer, Immutable]
public sealed record OfferAnswer(
    [property: Id(0)] DialogSide InviteBy,
    [property: Id(1)] InvitePhase Phase,
    [property: Id(2)] DialogSide OfferBy,
    [property: Id(3)] SessionMessage OfferIn,
    [property: Id(4)] bool IsEstablished,
    [property: Id(5)] bool IsTentative)
{
    /// <summary>Before the first INVITE.</summary>
    public static OfferAnswer None { get; } = new(DialogSide.Nobody, InvitePhase.None, DialogSide.Nobody, default, false, false);

    /// <summary>With the INVITE that begins a dialog. Every early dialog of a forked INVITE starts from this.</summary>
    public static OfferAnswer Begin(DialogSide by, bool hasOffer) => None.On(by, Invite, hasOffer).Next;

    /// <summary>Takes in one message, sent or received.</summary>
    /// <param name="from">Who sends it; of a response: who answers.</param>
    /// <param name="hasBody">Whether it holds a session description.</param>
    public Placement On(DialogSide from, SessionMessage message, bool hasBody)
    {
        var to = from == DialogSide.Us ? DialogSide.Peer : DialogSide.Us;
        return (message, hasBody) switch
        {
            (Invite, _) when Glare(from, to) is not SessionRemedy.None and var refusal => Refused(refusal),
            (Invite, true) => Offered(from, Invite, this with { InviteBy = from, Phase = InvitePhase.Proceeding }),
            (Invite, false) => new(this with { InviteBy = from, Phase = InvitePhase.AwaitsOffer }, BodyRole.None),

            (Provisional or ReliableProvisional or Success or Failure, _) when InviteBy != to || Phase == InvitePhase.Answered => Nothing(hasBody), // late, or again
            (Provisional, true) when Awaits(to, Invite) => new(this, Preview),
            (ReliableProvisional, true) when Awaits(to, Invite) => Answered(this with { IsTentative = IsEstablished }),
            (ReliableProvisional, true) when Phase == InvitePhase.AwaitsOffer => Offered(from, ReliableProvisional, this with { Phase = InvitePhase.Proceeding }),
            (Success, true) when Awaits(to, Invite) => Answered(Succeeded),
            (Success, true) when Phase == InvitePhase.AwaitsOffer => Offered(from, Success, Succeeded),
            (Success, _) when Awaits(to, Invite) || Awaits(from, ReliableProvisional) || Phase == InvitePhase.AwaitsOffer => new(Forgotten(Succeeded), BodyRole.None, HangUp),
            (Success, _) => new(Succeeded, hasBody ? Ignored : BodyRole.None),
            (Failure, _) => Failed,

            (Ack, _) when InviteBy != from || Phase != InvitePhase.Answered => Nothing(hasBody),
            (Ack, true) when Awaits(to, Success) => Answered(Acknowledged),
            (Ack, false) when Awaits(to, Success) => new(Forgotten(Acknowledged), BodyRole.None, HangUp),
            (Ack, _) => new(Acknowledged, hasBody ? Ignored : BodyRole.None),

            (Prack, _) when InviteBy != from => Refused(NotThere),
            (Prack, true) when Awaits(to, ReliableProvisional) => Answered(this with { IsTentative = IsEstablished }),
            (Prack, false) when Awaits(to, ReliableProvisional) => Refused(BadRequest),
            (Prack or Update, true) when Collision(from, to) is not SessionRemedy.None and var refusal => Refused(refusal),
            (Prack or Update, true) => Offered(from, message, this),

            (PrackSuccess, true) when Awaits(to, Prack) => Answered(this with { IsTentative = false }),
            (UpdateSuccess, true) when Awaits(to, Update) => Answered(this with { IsTentative = false }),
            (PrackSuccess, false) when Awaits(to, Prack) => new(Forgotten(this), BodyRole.None, HangUp),
            (UpdateSuccess, false) when Awaits(to, Update) => new(Forgotten(this), BodyRole.None, HangUp),
            (PrackFailure, _) when Awaits(to, Prack) => new(Forgotten(this), BodyRole.None),
            (UpdateFailure, _) when Awaits(to, Update) => new(Forgotten(this), BodyRole.None),
            _ => Nothing(hasBody),
        };
    }

    /// <summary>Whether we may make an offer in this request now (RFC 3261 §14.1, RFC 3311 §5.1).</summary>
    public bool MayOffer(SessionMessage message) => On(DialogSide.Us, message, hasBody: true).IsAllowed;

    private OfferAnswer Succeeded => this with { Phase = InvitePhase.Answered, IsTentative = false };

    private OfferAnswer Acknowledged => this with { Phase = InvitePhase.None, InviteBy = DialogSide.Nobody };

    // an offer in PRACK or UPDATE has a response of its own, so it outlives the INVITE
    private Placement Failed
    {
        get
        {
            var over = Acknowledged with { IsTentative = false };
            return new(OfferIn is Invite or ReliableProvisional ? Forgotten(over) : over, IsTentative ? Undo : BodyRole.None);
        }
    }

    private bool Awaits(DialogSide offerer, SessionMessage place) => OfferBy == offerer && OfferIn == place;

    // two INVITEs in a dialog (RFC 3261 §14.1, §14.2)
    private SessionRemedy Glare(DialogSide from, DialogSide to) =>
        InviteBy == to ? Pending
        : InviteBy == from && Phase != InvitePhase.Answered ? RetryLater
        : OfferBy == from ? RetryLater
        : OfferBy == to ? Pending
        : SessionRemedy.None;

    // an offer while another one is open, or before there is a session to change (RFC 3311 §5.1, §5.2)
    private SessionRemedy Collision(DialogSide from, DialogSide to) =>
        OfferBy == to ? Pending
        : OfferBy == from ? RetryLater
        : Phase == InvitePhase.AwaitsOffer ? (InviteBy == from ? RetryLater : Pending)
        : IsEstablished ? SessionRemedy.None
        : RetryLater;

    private Placement Refused(SessionRemedy remedy) => new(this, BodyRole.None, remedy);

    private Placement Nothing(bool hasBody) => new(this, hasBody ? Ignored : BodyRole.None);

    private static Placement Offered(DialogSide by, SessionMessage place, OfferAnswer after) => new(after with { OfferBy = by, OfferIn = place }, Offer);

    private static Placement Answered(OfferAnswer after) => new(Forgotten(after) with { IsEstablished = true }, Answer);

    private static OfferAnswer Forgotten(OfferAnswer after) => after with { OfferBy = DialogSide.Nobody, OfferIn = default };
}
