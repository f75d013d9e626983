namespace Telephony.Runtime;

/// <summary>Gives references to grains; making one activates nothing.</summary>
public interface IGrainFactory
{
    /// <exception cref="ArgumentException">No grain class, or more than one, implements <typeparamref name="T"/>.</exception>
    T GetGrain<T>(string primaryKey) where T : IGrainWithStringKey;

    /// <summary>A reference through which grains call <paramref name="obj"/>, one turn at a time.</summary>
    T CreateObjectReference<T>(IGrainObserver obj) where T : IGrainObserver;

    /// <summary>Ends a reference that <see cref="CreateObjectReference{T}"/> made: later calls through it fail.</summary>
    void DeleteObjectReference<T>(IGrainObserver obj) where T : IGrainObserver;
}

/// <summary>The way in from outside the grains: hosted services, endpoints, hubs.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}
