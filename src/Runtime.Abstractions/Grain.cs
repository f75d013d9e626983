namespace Telephony.Runtime;

/// <summary>Base of every grain class: one activation per key at most, one turn at a time.</summary>
public abstract class Grain : IAddressable
{
    /// <summary>The engine's side of this activation, in whose turn the constructor runs; null when something else made the grain.</summary>
    internal GrainHost Host { get; } = (SynchronizationContext.Current as GrainHost)!;

    /// <summary>References to other grains.</summary>
    protected IGrainFactory GrainFactory => Host.GrainFactory;

    protected IServiceProvider ServiceProvider => Host.ServiceProvider;

    /// <summary>The first turn. When it fails, so do the calls that wait for it, and the next call tries again.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last turn, after the last request. Not called when the process dies.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Asks for this activation to go after its present requests; those that wait go to the next activation.</summary>
    protected void DeactivateOnIdle() => Host.DeactivateOnIdle();

    /// <summary>Keeps this activation from being collected as idle for a time; a negative one ends that.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Host.DelayDeactivation(timeSpan);
}
