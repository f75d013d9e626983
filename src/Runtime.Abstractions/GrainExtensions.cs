namespace Telephony.Runtime;

/// <summary>What a grain may ask about itself.</summary>
public static class GrainExtensions
{
    public static string GetPrimaryKeyString(this Grain grain) => grain.Host.PrimaryKey;

    /// <summary>A reference to this grain, to hand out.</summary>
    public static T AsReference<T>(this Grain grain) where T : IAddressable => grain.Host.AsReference<T>();

    public static IStreamProvider GetStreamProvider(this Grain grain, string name) => grain.Host.GetStreamProvider(name);

    public static IGrainTimer RegisterGrainTimer<TState>(this Grain grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options) =>
        grain.Host.RegisterTimer(callback, state, options);

    public static IGrainTimer RegisterGrainTimer<TState>(this Grain grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options) =>
        grain.Host.RegisterTimer(static (s, _) => s.callback(s.state), (callback, state), options);

    public static IGrainTimer RegisterGrainTimer(this Grain grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options) =>
        grain.Host.RegisterTimer(static (call, token) => call(token), callback, options);

    public static IGrainTimer RegisterGrainTimer(this Grain grain, Func<Task> callback, GrainTimerCreationOptions options) =>
        grain.Host.RegisterTimer(static (call, _) => call(), callback, options);
}
