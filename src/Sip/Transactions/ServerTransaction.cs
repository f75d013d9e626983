namespace Telephony.Sip;

/// <summary>A request that came in, until it is answered and its copies have died out.</summary>
internal sealed class ServerTransaction(TransactionContext context, ServerTransactions table, UInt128 key, bool isInvite, Channel channel)
    : Transaction(context, channel, isInvite ? TransactionState.Proceeding : TransactionState.Trying)
{
    private SipRequest? _request; // until the final response
    private SipRequest? _cancel; // came before the owner did
    private string? _toTag;

    public UInt128 Key => key;

    /// <summary>What it is called outside; one of an earlier run keeps its name.</summary>
    public string Name { get; init; } = TransactionKey.Name(context.Run, key);

    /// <summary>Where it stands in the table of merged requests.</summary>
    public UInt128? MergeKey { get; init; }

    /// <summary>Where its 2xx waits for the ACK.</summary>
    public UInt128? AckKey { get; private set; }

    /// <summary>Where its reliable provisional response waits for the PRACK.</summary>
    public UInt128? PrackKey { get; private set; }

    protected override TimeSpan LongestWait => State == TransactionState.ProceedingReliably ? TimeSpan.MaxValue / 4 : Context.Timers.T2; // RFC 3262 §3 has no T2

    // §13.3.1.4, RFC 3262 §3: whatever the transport
    protected override bool MustSendAgain => base.MustSendAgain || State is TransactionState.Accepted or TransactionState.ProceedingReliably;

    /// <summary>Passes the request to whoever takes new ones; an INVITE is answered 100.</summary>
    public void Start(SipRequest request)
    {
        lock (this)
        {
            _request = request;
            if (isInvite) Handle(TransactionInput.Provisional, SipResponse.For(request, 100).Build());
            Handle(TransactionInput.Start, request);
        }
    }

    /// <summary>Takes an INVITE of an earlier run over, which was answered 100 then.</summary>
    public void Restore(SipRequest invite, string owner)
    {
        lock (this)
        {
            _request = invite;
            Owner = owner;
            Handle(TransactionInput.Restore, null);
        }
    }

    public void Claim(string owner)
    {
        lock (this)
        {
            Owner = owner;
            if (_cancel is not { } cancel) return;
            _cancel = null;
            Handle(TransactionInput.Cancel, cancel);
        }
    }

    public void Respond(SipResponse response)
    {
        lock (this)
        {
            var input = response.Status switch
            {
                < 200 when isInvite && RAck.Of(response) is not null => TransactionInput.Reliable,
                < 200 => TransactionInput.Provisional,
                < 300 => TransactionInput.Success,
                _ => TransactionInput.Failure,
            };
            if (State is not (TransactionState.Trying or TransactionState.Proceeding or TransactionState.ProceedingReliably)) return;
            if (input == TransactionInput.Reliable && State == TransactionState.ProceedingReliably) return; // one at a time

            if (response.To.Tag is { } tag && Lexer.IsToken(tag)) _toTag = tag; // the peer's own may be anything
            if (response.IsFinal) _request = null;
            if (isInvite && response.IsSuccess)
            {
                AckKey = TransactionKey.Ack(response);
                table.AwaitAck(this);
            }

            if (input == TransactionInput.Reliable) Await(TransactionKey.Prack(response, RAck.Of(response)!));
            else if (response.IsFinal) Await(null);
            if (!Channel.IsOpen && Context.Reroute(response) is { } other) Channel = other;
            Handle(input, response);
            if (State == TransactionState.Completed && !isInvite) table.Completed(this);
        }
    }

    /// <summary>A copy of the request.</summary>
    public void Repeat()
    {
        lock (this) Handle(TransactionInput.Request, null);
    }

    /// <returns>The To tag that the answer to the CANCEL has too (§9.2); null when none was given out yet.</returns>
    public string? Cancel(SipRequest cancel)
    {
        lock (this)
        {
            if (Owner is not null) Handle(TransactionInput.Cancel, cancel);
            else if (State == TransactionState.Proceeding) _cancel = cancel;
            return _toTag;
        }
    }

    /// <returns>False when nothing waited for it.</returns>
    public bool Acknowledge(SipRequest ack)
    {
        lock (this) return Handle(TransactionInput.Ack, ack);
    }

    /// <summary>The PRACK of its reliable response: that is not sent again. The PRACK itself is a request like others, and goes to the owner as one.</summary>
    public void AcknowledgeProvisional()
    {
        lock (this)
        {
            Await(null);
            Handle(TransactionInput.Prack, null);
        }
    }

    /// <summary>Ends a completed one early, to make room. Takes no lock: it may be called under another transaction's.</summary>
    public void Forget() => Context.Wheel.Stop(this);

    protected override TransactionMove? Next(TransactionInput input) =>
        isInvite ? InviteServerMachine.Next(State, input) : NonInviteServerMachine.Next(State, input);

    protected override void Tell(TransactionActions actions, TransactionInput input, SipMessage? message)
    {
        if (actions.Has(TransactionActions.AnswerTimeOut) && _request is { } request)
        {
            Respond(SipResponse.For(request, 408, null, _toTag).Build());
            return;
        }

        if (actions.Has(TransactionActions.PassTimeOut) && Owner is not null) Context.Events.OnAckTimedOut(new(Context.Edge, Name, Owner));
        if (actions.Has(TransactionActions.PassNoPrack))
        {
            Await(null);
            if (Owner is not null) Context.Events.OnPrackTimedOut(new(Context.Edge, Name, Owner));
        }

        if (!actions.Has(TransactionActions.Pass) || message is not SipRequest received) return;

        if (input == TransactionInput.Start) Context.Events.OnRequest(new(Context.Edge, Name, received, Channel.Flow));
        else if (Owner is null) return;
        else if (input == TransactionInput.Cancel) Context.Events.OnCancel(new(Context.Edge, Name, Owner, received));
        else if (input == TransactionInput.Ack) Context.Events.OnAck(new(Context.Edge, Name, Owner, received));
    }

    // by UDP: the address that the request came from can't be reached from here
    protected override void SendFailed()
    {
        if (Channel is WayBack || !SipResponse.TryParse(Kept.Span, out var response, out _) || Context.Reroute(response) is not { } other || !other.TrySend(Kept)) base.SendFailed();
        else Channel = other;
    }

    protected override void Ended()
    {
        _request = null;
        Await(null);
        table.Remove(this);
    }

    private void Await(UInt128? prack)
    {
        if (PrackKey is { } before) table.StopAwaitingPrack(this, before);
        PrackKey = prack;
        if (prack is { } key) table.AwaitPrack(this, key);
    }
}
