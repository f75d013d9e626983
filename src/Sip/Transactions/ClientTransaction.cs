namespace Telephony.Sip;

/// <summary>A request that we sent, until its answer has come and its copies have died out.</summary>
/// <param name="request">With our Via on top.</param>
internal sealed class ClientTransaction(
    TransactionContext context, ClientTransactions table, string name, SipRequest request, Channel channel, bool isInvite, string? owner)
    : Transaction(context, channel, isInvite ? TransactionState.Calling : TransactionState.Trying)
{
    private const int MaxForks = 16;

    private List<Fork>? _forks;

    /// <summary>Another way, with the request as it goes there, for when this one fails before anything was heard (RFC 3261 §18.1.1).</summary>
    public (SipRequest Request, Channel Channel)? Fallback { get; init; }

    public string Name => name;

    public SipRequest Request => request;

    public bool IsCancel { get; } = request.Is("CANCEL"u8);

    protected override TimeSpan LongestWait => isInvite ? TimeSpan.MaxValue / 4 : Context.Timers.T2;

    public void Start()
    {
        lock (this)
        {
            Owner = owner;
            Channel.Watch(this);
            Handle(TransactionInput.Start, request);
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
        lock (this)
        {
            if (isInvite) Handle(TransactionInput.Cancel, null);
        }
    }

    /// <summary>Sends the ACK of a 2xx and keeps it for copies of that.</summary>
    public void Acknowledge(SipRequest ack, Channel way)
    {
        lock (this)
        {
            var tag = ack.To.Tag ?? "";
            if (Find(tag) is { } fork) (fork.Ack, fork.Way) = (ack, way);
            way.TrySend(ack.Wire);
        }
    }

    /// <summary>The channel is gone. One that went before it was watched is met by <see cref="SendFailed"/>.</summary>
    public void Break()
    {
        lock (this)
        {
            if (Fallback is { } other && Channel != other.Channel && State is TransactionState.Calling or TransactionState.Trying)
            {
                (request, Channel) = other;
                Channel.Watch(this);
                Handle(TransactionInput.Start, request);
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
        if (actions.Has(TransactionActions.SendCancel)) table.StartCancel(this);
        if (Owner is null) return;

        if (actions.Has(TransactionActions.Pass)) Pass((SipResponse)message!, SipResponseSource.Wire);
        if (actions.Has(TransactionActions.PassTimeOut)) Pass(SipResponse.For(request, 408).Build(), SipResponseSource.TimedOut);
        if (actions.Has(TransactionActions.PassFailure)) Pass(SipResponse.For(request, 503).Build(), SipResponseSource.TransportFailed);
    }

    protected override void Ended()
    {
        Channel.Unwatch(this);
        table.Remove(this);
    }

    private void Pass(SipResponse response, SipResponseSource source) =>
        Context.Events.OnResponse(new(Context.Edge, name, Owner!, response, source, source == SipResponseSource.TransportFailed ? null : Channel.Flow));

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

    private sealed class Fork(string tag)
    {
        public string Tag => tag;

        public SipRequest? Ack;

        public Channel? Way;
    }
}
