namespace Telephony.Media.Relay;

/// <summary>A thread that works on legs without locks.</summary>
internal interface IQuiescent
{
    /// <summary>Has the thread call <see cref="Quiescence.Pass"/> when it has finished what it may be doing now. Callable from any thread, also after the end.</summary>
    void Post(Quiescence quiescence);
}
