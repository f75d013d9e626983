namespace Telephony.Sip;

/// <summary>A request that we sent, until its answer has come and its copies have died out.</summary>
/// <param name="request">With our Via on top.</param>
internal sealed class ClientTransaction(
    TransactionContext context, ClientTransactions table, string name, SipRequest request, Channel channel, bool isInvite, string? owner)
    : Transaction(context, channel, isInvite ? TransactionState.Calling : TransactionState.Trying)
{
    private const int MaxForks = 16;

    private List<Fork>? _forks;
    private PatienceTimer? _patience;
    private ClientTransaction? _next; // who has taken the request over
    private int _heard; // the highest status
    private bool _isCancelled;

    /// <summary>Another way, with the request as it goes there, for when this one fails before anything was heard (RFC 3261 §18.1.1).</summary>
    public (SipRequest Request, Channel Channel)? Fallback { get; init; }

    /// <summary>The servers that the request may go to, when they were looked up; this is the transaction with one of them.</summary>
    public Attempts? Attempts { get; init; }

    /// <summary>The transaction with the server that was tried before.</summary>
    public ClientTransaction? Last { get; init; }

    /// <summary>What its branch says.</summary>
    public string Name => name;

    /// <summary>What its owner calls it.</summary>
    public required string OwnersName { get; init; }

    /// <summary>Whether it is not the transaction with the first server.</summary>
    public bool IsTakenOver => OwnersName != name;

    public SipRequest Request => request;

    public bool IsCancel { get; } = request.Is("CANCEL"u8);

    protected override TimeSpan LongestWait => isInvite ? TimeSpan.MaxValue / 4 : Context.Timers.T2;

    public void Start()
    {
        lock (this)
        {
            Owner = owner;
            Begin();
        }
    }

    /// <summary>Takes an INVITE of an earlier run over, without sending it.</summary>
    public void Restore()
    {
        lock (this)
        {
            Owner = owner;
            Channel.Watch(this);
            Handle(TransactionInput.Restore, null);
        }
    }

    public void Receive(SipResponse response)
    {
        lock (this)
        {
            if (response.IsSuccess && isInvite && !IsNews(response)) return;
            _heard = Math.Max(_heard, response.Status);
            var isKnown = Handle(
                response.Status switch
                {
                    < 200 => TransactionInput.Provisional,
                    < 300 => TransactionInput.Success,
                    _ => TransactionInput.Failure,
                },
                response);
            if (!isKnown) Context.Metrics.Drop("late response");
        }
    }

    /// <summary>Cancels an INVITE (RFC 3261 §9.1). Anything else can't be.</summary>
    public void Cancel()
    {
        if (!isInvite) return;
        lock (this)
        {
            _isCancelled = true;
            if (_next is null) Handle(TransactionInput.Cancel, null);
        }

        _next?.Cancel(); // it may have been taken over just now
    }

    /// <summary>Sends the ACK of a 2xx and keeps it for copies of that.</summary>
    public void Acknowledge(SipRequest ack, Channel way)
    {
        for (var transaction = this; transaction is not null && !transaction.TryKeep(ack, way); transaction = transaction.Last)
        {
            // a server that was given up may have answered all the same
        }

        way.TrySend(ack.Wire);
    }

    /// <summary>The channel is gone. One that went before it was watched is met by <see cref="SendFailed"/>.</summary>
    public void Break()
    {
        lock (this)
        {
            if (Fallback is { } other && Channel != other.Channel && State is TransactionState.Calling or TransactionState.Trying)
            {
                (request, Channel) = other;
                Begin();
            }
            else
            {
                Handle(TransactionInput.TransportError, null);
            }
        }
    }

    protected override void SendFailed() => Break();

    protected override TransactionMove? Next(TransactionInput input) =>
        isInvite ? InviteClientMachine.Next(State, input) : NonInviteClientMachine.Next(State, input);

    protected override void Tell(TransactionActions actions, TransactionInput input, SipMessage? message)
    {
        if (actions.Has(TransactionActions.SendAck)) Channel.TrySend(SipRequestBuilder.AckOf(request, (SipResponse)message!).Build().Wire);
        if (actions.Has(TransactionActions.SendCancel))
        {
            _isCancelled = true;
            table.StartCancel(this);
        }

        if (Owner is null) return;

        if (actions.Has(TransactionActions.Pass) && message is SipResponse response)
        {
            if (response.Status != 503 || !MovesOn("503", response.Header<RetryAfter>()?.Time)) Pass(response, SipResponseSource.Wire);
        }
        else if (actions.Has(TransactionActions.PassTimeOut))
        {
            if (_heard > 0 || !MovesOn("no answer")) Pass(SipResponse.For(request, 408).Build(), SipResponseSource.TimedOut);
        }
        else if (actions.Has(TransactionActions.PassFailure))
        {
            if (_heard > 100 || !MovesOn("no connection")) Pass(SipResponse.For(request, 503).Build(), SipResponseSource.TransportFailed);
        }
    }

    protected override void Ended()
    {
        if (_patience is not null) Context.Wheel.Stop(_patience);
        Channel.Unwatch(this);
        table.Remove(this);
    }

    private void Begin()
    {
        Channel.Watch(this);
        if (!Channel.IsReliable && Attempts?.UdpPatience is { } patience && patience > TimeSpan.Zero) Context.Wheel.Start(_patience = new(this), patience);
        Handle(TransactionInput.Start, request);
    }

    // of a server that was given up, the owner hears only that it took the call: as of another fork
    private void Pass(SipResponse response, SipResponseSource source)
    {
        if (_next is not null && !response.IsSuccess) return;
        Context.Events.OnResponse(new(Context.Edge, OwnersName, Owner!, response, source, source == SipResponseSource.TransportFailed ? null : Channel.Flow));
    }

    // RFC 3263 §4.3: the next server gets the same request with another branch
    private bool MovesOn(string reason, TimeSpan? retryAfter = null)
    {
        if (Attempts is null || _isCancelled || _next is not null || (_next = Attempts.NextAfter(this, reason, retryAfter)) is null) return false;
        _next.Start();
        return true;
    }

    private void LosePatience()
    {
        if (_heard == 0 && State is TransactionState.Calling or TransactionState.Trying && MovesOn("slow")) Handle(TransactionInput.Abandon, null);
    }

    private bool TryKeep(SipRequest ack, Channel way)
    {
        lock (this)
        {
            if (Find(ack.To.Tag ?? "") is not { } fork) return false;
            (fork.Ack, fork.Way) = (ack, way);
            return true;
        }
    }

    // a copy of a 2xx gets the ACK again; the 2xx of another fork is news (§13.2.2.4)
    private bool IsNews(SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (Find(tag) is { } fork)
        {
            if (fork.Ack is null) return false;
            Context.Metrics.Retransmitted.Add(1);
            fork.Way!.TrySend(fork.Ack.Wire);
            return false;
        }

        if (_forks?.Count >= MaxForks) return false;
        (_forks ??= []).Add(new Fork(tag));
        return true;
    }

    private Fork? Find(string tag) => _forks?.Find(fork => fork.Tag == tag);

    private sealed class PatienceTimer(ClientTransaction transaction) : TimerNode
    {
        public override void Fire(int generation)
        {
            lock (transaction)
            {
                if (IsCurrent(generation)) transaction.LosePatience();
            }
        }
    }

    private sealed class Fork(string tag)
    {
        public string Tag => tag;

        public SipRequest? Ack;

        public Channel? Way;
    }
}
