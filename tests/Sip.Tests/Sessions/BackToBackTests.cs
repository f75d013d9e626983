using static Telephony.Sip.SessionMessage;

namespace Telephony.Sip.Tests.Sessions;

/// <summary>
/// Two sides of a dialog, each with its own <see cref="OfferAnswer"/>, over a network that delays, reorders and loses: whatever they offer, when it is quiet both have the
/// same session and nobody believes that an answer is owed. A seed repeats a failure.
/// </summary>
public class BackToBackTests
{
    public static TheoryData<int> Batches => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Batches))]
    [Trait("RFC", "3264 §4, 6337 §4")]
    public void Both_sides_agree_when_it_is_quiet(int batch)
    {
        var established = 0;
        for (var seed = batch * 200; seed < (batch + 1) * 200; seed++)
        {
            var dialog = new Pair(seed);
            dialog.Run(steps: 80);
            Assert.True(dialog.Problem is null, $"Seed {seed}: {dialog.Problem}\n{string.Join('\n', dialog.Log.TakeLast(25))}");
            established += dialog.Agreed > 1 ? 1 : 0;
        }

        Assert.True(established > 50, $"Only {established} dialogs went beyond their first exchange: nothing was tested.");
    }

    private sealed record Message(int To, SessionMessage Kind, int Body, uint CSeq, int Status);

    private sealed class End
    {
        public OfferAnswer State { get; set; } = OfferAnswer.None;
        public int Session { get; set; } // the number of the offer that was agreed last
        public int Before { get; set; } // the one to go back to
        public int Open { get; set; } // the number of the open offer
        public uint CSeq { get; set; }
        public uint Heard { get; set; }
        public int Requested { get; set; } // our PRACKs and UPDATEs without a final response
        public uint InviteCSeq { get; set; } // the peer's INVITE that we have to answer
        public bool IsUnacknowledged { get; set; } // our reliable response without its PRACK
        public bool MustAck { get; set; }
        public bool MustPrack { get; set; }
    }

    private sealed class Pair(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly End[] _ends = [new(), new()];
        private readonly List<Message> _wire = [];
        private int _offers;

        public string? Problem { get; private set; }

        public List<string> Log { get; } = [];

        public int Agreed => _ends[0].Session;

        public void Run(int steps)
        {
            Send(0, Invite, _random.Next(4) > 0, Next(0));
            for (var step = 0; step < steps && Problem is null; step++)
            {
                if (_wire.Count > 0 && _random.Next(2) == 0) Deliver(_random.Next(_wire.Count));
                else Act(_random.Next(2), isQuiet: false);
            }

            for (var step = 0; step < 400 && Problem is null && !IsOver; step++)
            {
                if (_wire.Count > 0) Deliver(_random.Next(_wire.Count));
                else for (var end = 0; end < 2; end++) Act(end, isQuiet: true);
            }

            if (Problem is null && !IsOver) Problem = "It never gets quiet.";
            Problem ??= _ends[0].Session != _ends[1].Session ? $"Sessions {_ends[0].Session} and {_ends[1].Session}"
                : _ends.Any(end => end.State.OfferBy != DialogSide.Nobody) ? "An offer is open"
                : null;
        }

        private bool IsOver => _wire.Count == 0 && _ends.All(end => end.State.InviteBy == DialogSide.Nobody && end.Requested == 0 && !end.MustAck && !end.MustPrack);

        private uint Next(int end) => ++_ends[end].CSeq;

        /// <summary>One side does something that it may do.</summary>
        private void Act(int index, bool isQuiet)
        {
            var end = _ends[index];
            var (state, answers) = (end.State, end.State.InviteBy == DialogSide.Peer && end.State.Phase != InvitePhase.Answered);
            if (end.MustPrack)
            {
                end.MustPrack = false;
                if (state.InviteBy != DialogSide.Us) return; // it is over
                var owes = state is { OfferBy: DialogSide.Peer, OfferIn: ReliableProvisional };
                Send(index, Prack, owes || (!isQuiet && end.Requested == 0 && state.MayOffer(Prack) && _random.Next(3) == 0), Next(index));
            }
            else if (end.MustAck)
            {
                end.MustAck = false;
                Send(index, Ack, state is { OfferBy: DialogSide.Peer, OfferIn: Success }, end.InviteCSeq);
            }
            else if (answers && (isQuiet || _random.Next(2) == 0)) Answer(index, end, state, isQuiet);
            else if (isQuiet) return;
            else if (end.Requested == 0 && state.MayOffer(Update) && _random.Next(2) == 0) Send(index, Update, true, Next(index));
            else if (end.Requested == 0 && state.IsEstablished && state.MayOffer(Invite) && _random.Next(3) == 0) Send(index, Invite, _random.Next(3) > 0, Next(index));
        }

        private void Answer(int index, End end, OfferAnswer state, bool isQuiet)
        {
            var owes = state is { OfferBy: DialogSide.Peer, OfferIn: Invite } || state.Phase == InvitePhase.AwaitsOffer;
            var choice = isQuiet ? 9 : _random.Next(8);
            if (choice == 0) Send(index, Provisional, owes && state.Phase != InvitePhase.AwaitsOffer, end.InviteCSeq);
            else if (choice <= 2 && !end.IsUnacknowledged)
            {
                end.IsUnacknowledged = true;
                Send(index, ReliableProvisional, owes, end.InviteCSeq);
            }
            else if (choice == 3 && (index == 0 || end.InviteCSeq > 1)) Send(index, Failure, false, end.InviteCSeq); // a re-INVITE may fail at any time
            else if (choice >= 4 && !end.IsUnacknowledged) Send(index, Success, owes, end.InviteCSeq);
        }

        private void Send(int from, SessionMessage kind, bool hasBody, uint cseq)
        {
            var end = _ends[from];
            var placement = end.State.On(DialogSide.Us, kind, hasBody);
            if (!placement.IsAllowed)
            {
                Problem = $"{from} may not send {kind}: {placement.Remedy}";
                return;
            }

            var body = placement.Role switch
            {
                BodyRole.Offer => ++_offers,
                BodyRole.Answer or BodyRole.Preview => end.Open,
                _ => 0,
            };
            Take(end, placement, body);
            if (kind == Invite) end.InviteCSeq = cseq;
            if (kind is Update or Prack) end.Requested++;
            if (kind is Failure or Success) end.IsUnacknowledged = false;
            Log.Add($"{from} sends {kind} {body} (CSeq {cseq}) -> {end.State}");
            if (kind == Provisional && _random.Next(3) == 0) return; // lost, and sent once
            _wire.Add(new(1 - from, kind, body, cseq, 0));
        }

        private void Deliver(int at)
        {
            var message = _wire[at];
            if (_wire.Find(other => other.Kind == Prack && other.To == message.To && other.CSeq < message.CSeq) is { } prack) message = prack; // else it would be sent anew
            _wire.Remove(message);
            var end = _ends[message.To];
            var isRequest = message.Kind is Invite or Prack or Update;
            if (isRequest && message.CSeq <= end.Heard)
            {
                Refuse(message); // RFC 3261 §12.2.2: overtaken
                return;
            }

            if (isRequest) end.Heard = message.CSeq;
            if (message.Kind == Ack && message.CSeq != end.InviteCSeq) return; // of an earlier INVITE
            if (message.Kind is Success or Failure or Provisional or ReliableProvisional && (message.CSeq != end.InviteCSeq || end.State.InviteBy != DialogSide.Us))
            {
                if (message.Kind == Failure && message.CSeq == end.InviteCSeq) Problem = "A failure that nobody waits for";
                Log.Add($"{message.To} drops {message.Kind} of {message.CSeq}");
                return;
            }

            if (message.Kind == Prack && !end.IsUnacknowledged)
            {
                Refuse(message); // RFC 3262 §3: it matches nothing
                return;
            }

            var placement = end.State.On(DialogSide.Peer, message.Kind, message.Body != 0);
            Log.Add($"{message.To} gets {message.Kind} {message.Body} (CSeq {message.CSeq}): {placement.Role} {placement.Remedy} -> {placement.Next}");
            if (placement.Remedy == SessionRemedy.HangUp) Problem = $"{message.Kind} asks to hang up";
            if (placement.Status != 0)
            {
                if (message.Kind == Prack) end.IsUnacknowledged = false; // its offer is refused, not what it acknowledges
                Refuse(message);
                return;
            }

            Take(end, placement, message.Body);
            switch (message.Kind)
            {
                case Invite: end.InviteCSeq = message.CSeq; break;
                case Success: end.MustAck = true; break;
                case ReliableProvisional: end.MustPrack = true; break;
                case PrackSuccess or UpdateSuccess or PrackFailure or UpdateFailure: end.Requested--; break;
                case Prack or Update:
                    if (message.Kind == Prack) end.IsUnacknowledged = false;
                    if (message.Kind == Update && message.Body != 0 && _random.Next(4) == 0) Send(message.To, UpdateFailure, false, message.CSeq); // 488
                    else Send(message.To, message.Kind == Prack ? PrackSuccess : UpdateSuccess, placement.Role == BodyRole.Offer, message.CSeq);
                    break;
            }
        }

        private void Refuse(Message message)
        {
            Log.Add($"{message.To} refuses {message.Kind} of {message.CSeq}");
            _wire.Add(new(1 - message.To, message.Kind switch { Invite => Failure, Prack => PrackFailure, _ => UpdateFailure }, 0, message.CSeq, 491));
        }

        private static void Take(End end, Placement placement, int body)
        {
            var was = end.State;
            end.State = placement.Next;
            if (placement.Role == BodyRole.Offer) end.Open = body;
            if (placement.Role == BodyRole.Answer)
            {
                if (placement.Next.IsTentative && !was.IsTentative) end.Before = end.Session;
                end.Session = body;
            }

            if (placement.Role == BodyRole.Undo) end.Session = end.Before;
        }
    }
}
