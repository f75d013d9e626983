namespace Telephony.Runtime.Activations;

/// <summary>The rest of an async method: a callback that was posted to the activation as its synchronization context.</summary>
internal sealed class Turn : WorkItem
{
    private const int MaxPooled = 64;

    [ThreadStatic] private static Turn? t_pool;
    [ThreadStatic] private static int t_pooled;

    private SendOrPostCallback _callback = null!;
    private object? _state;

    internal static Turn Rent(SendOrPostCallback callback, object? state)
    {
        var turn = t_pool;
        if (turn is null) turn = new Turn();
        else
        {
            t_pool = (Turn?)turn.Next;
            t_pooled--;
            turn.Next = null;
        }

        turn._callback = callback;
        turn._state = state;
        return turn;
    }

    internal override void Run(Activation activation)
    {
        var (callback, state) = (_callback, _state);
        (_callback, _state) = (null!, null);
        if (t_pooled < MaxPooled)
        {
            Next = t_pool;
            t_pool = this;
            t_pooled++;
        }

        try
        {
            callback(state);
        }
        catch (Exception e)
        {
            Log.TurnFailed(activation.Class.Runtime.Logger, e, activation); // an async void method: nobody awaits it
        }
    }
}
