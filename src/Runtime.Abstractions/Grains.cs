namespace Telephony.Runtime;

/// <summary>A grain that is addressed by a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>Anything that a grain reference can point at.</summary>
public interface IGrain;

/// <summary>Gives references to grains; making one activates nothing.</summary>
public interface IGrainFactory
{
    T GetGrain<T>(string primaryKey) where T : class, IGrainWithStringKey;
}

/// <summary>The way in from outside the grains: hosted services, endpoints, hubs.</summary>
public interface IClusterClient : IGrainFactory
{
    IStreamProvider GetStreamProvider(string name);
}

/// <summary>Why an activation goes.</summary>
public enum DeactivationReasonCode { None, ShuttingDown, ActivationFailed, ApplicationRequested, ActivationIdle }

public readonly record struct DeactivationReason(DeactivationReasonCode ReasonCode, string Description);

/// <summary>What an activation may ask of the engine that runs it.</summary>
public interface IGrainContext
{
    string PrimaryKey { get; }
    IGrainFactory GrainFactory { get; }
    IServiceProvider ServiceProvider { get; }
    IStreamProvider GetStreamProvider(string name);
    IGrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options);
    void DeactivateOnIdle();
}

/// <summary>Base of every grain class: one activation per key at most, one turn at a time.</summary>
public abstract class Grain
{
    public IGrainContext GrainContext { get; private set; } = null!;
    protected IGrainFactory GrainFactory => GrainContext.GrainFactory;

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Asks for this activation to go once it has nothing left to do.</summary>
    protected void DeactivateOnIdle() => GrainContext.DeactivateOnIdle();

    /// <summary>Called by the engine, once, before anything else.</summary>
    public static void Attach(Grain grain, IGrainContext context) => grain.GrainContext = context;
}

/// <summary>A timer of one activation: its callback is a turn of the grain.</summary>
public interface IGrainTimer : IDisposable
{
    void Change(TimeSpan dueTime, TimeSpan period);
}

public sealed record GrainTimerCreationOptions
{
    public required TimeSpan DueTime { get; init; }
    public required TimeSpan Period { get; init; }

    /// <summary>The callback may run between the turns of another request.</summary>
    public bool Interleave { get; init; }

    /// <summary>A tick counts as use: the activation is not collected as idle.</summary>
    public bool KeepAlive { get; init; }
}

public static class GrainExtensions
{
    public static string GetPrimaryKeyString(this Grain grain) => grain.GrainContext.PrimaryKey;

    public static IStreamProvider GetStreamProvider(this Grain grain, string name) => grain.GrainContext.GetStreamProvider(name);

    public static IGrainTimer RegisterGrainTimer(this Grain grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options) =>
        grain.GrainContext.RegisterTimer(callback, options);

    public static IGrainTimer RegisterGrainTimer(this Grain grain, Func<Task> callback, GrainTimerCreationOptions options) =>
        grain.GrainContext.RegisterTimer(_ => callback(), options);

    public static IGrainTimer RegisterGrainTimer<T>(this Grain grain, Func<T, CancellationToken, Task> callback, T state, GrainTimerCreationOptions options) =>
        grain.GrainContext.RegisterTimer(token => callback(state, token), options);
}
