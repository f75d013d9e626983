namespace Telephony.Runtime;

/// <summary>What an activation may ask of the engine that runs it. It is also the context that awaits come back to: see <see cref="SynchronizationContext"/>.</summary>
internal abstract class GrainHost : SynchronizationContext
{
    public abstract string PrimaryKey { get; }
    public abstract IGrainFactory GrainFactory { get; }
    public abstract IServiceProvider ServiceProvider { get; }
    public abstract IStreamProvider GetStreamProvider(string name);
    public abstract IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);
    public abstract void DeactivateOnIdle();
    public abstract void DelayDeactivation(TimeSpan timeSpan);
    public abstract T AsReference<T>() where T : IAddressable;
}
