namespace Telephony.Sip;

/// <summary>
/// Carries out what a machine says: timers, copies, and words to the owner, in that order. Inputs take the transaction's lock, and the owner is told under
/// it, so that what one transaction says stays in order. As a timer it is the one that ends the state.
/// </summary>
internal abstract class Transaction(TransactionContext context, Channel channel, TransactionState initial) : TimerNode
{
    private SendAgainTimer? _again;
    private TimeSpan _wait;
    private ReadOnlyMemory<byte> _kept;

    protected TransactionContext Context => context;

    /// <summary>What was sent last, and is sent again.</summary>
    protected ReadOnlyMemory<byte> Kept => _kept;

    public Channel Channel { get; protected set; } = channel;

    public TransactionState State { get; private set; } = initial;

    public bool IsTerminated => State == TransactionState.Terminated;

    /// <summary>Who hears of it; null: nobody.</summary>
    public string? Owner { get; protected set; }

    public sealed override void Fire(int generation)
    {
        lock (this)
        {
            if (IsCurrent(generation)) Handle(TransactionInput.TimeOut, null);
        }
    }

    protected abstract TransactionMove? Next(TransactionInput input);

    /// <summary>The longest wait between two copies.</summary>
    protected abstract TimeSpan LongestWait { get; }

    /// <summary>Whether a lost message must be sent again by us.</summary>
    protected virtual bool MustSendAgain => !Channel.IsReliable;

    /// <summary>Does what the owner is to hear, and the sending that only this kind of transaction has.</summary>
    protected abstract void Tell(TransactionActions actions, TransactionInput input, SipMessage? message);

    /// <summary>Called once, when it is over.</summary>
    protected abstract void Ended();

    /// <summary>The channel took nothing: it is gone or full.</summary>
    protected virtual void SendFailed() => Handle(TransactionInput.TransportError, null);

    /// <returns>False when the input means nothing in this state.</returns>
    protected bool Handle(TransactionInput input, SipMessage? message)
    {
        if (Next(input) is not { } move) return false;

        State = move.To;
        var actions = move.Actions;
        var timer = move.Timer;
        if (timer != TransactionTimer.Keep)
        {
            var duration = context.Duration(timer, Channel.IsReliable);
            if (duration > TimeSpan.Zero) context.Wheel.Start(this, duration);
            else State = TransactionState.Terminated;
        }

        if (actions.Has(TransactionActions.StopSending)) StopSending();
        if (actions.Has(TransactionActions.StartSending) && MustSendAgain) Wait(context.Timers.T1);
        if (actions.Has(TransactionActions.KeepSending)) Wait(State == TransactionState.Proceeding ? LongestWait : _wait * 2);
        if (actions.Has(TransactionActions.Send)) _kept = message!.Wire;

        var isSent = !actions.Has(TransactionActions.SendAside) || Channel.TrySend(message!.Wire);
        if ((actions & (TransactionActions.Send | TransactionActions.Resend)) != 0 && !_kept.IsEmpty)
        {
            if (actions.Has(TransactionActions.Resend)) context.Metrics.Retransmitted.Add(1);
            isSent = Channel.TrySend(_kept);
        }

        Tell(actions, input, message);
        if (IsTerminated)
        {
            StopSending();
            context.Wheel.Stop(this);
            Ended();
        }
        else if (!isSent)
        {
            SendFailed();
        }

        return true;
    }

    private void Wait(TimeSpan wait)
    {
        _wait = wait < LongestWait ? wait : LongestWait;
        context.Wheel.Start(_again ??= new SendAgainTimer(this), _wait);
    }

    private void StopSending()
    {
        if (_again is not null) context.Wheel.Stop(_again);
    }

    private sealed class SendAgainTimer(Transaction transaction) : TimerNode
    {
        public override void Fire(int generation)
        {
            lock (transaction)
            {
                if (IsCurrent(generation)) transaction.Handle(TransactionInput.SendAgain, null);
            }
        }
    }
}
