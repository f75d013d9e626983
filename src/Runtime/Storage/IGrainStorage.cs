namespace Telephony.Runtime.Storage;

/// <summary>
/// Where <see cref="IPersistentState{TState}"/> is kept. Register one as a service; one for a storage name of its own as a keyed service. Whoever implements it must keep no
/// reference to a state that it was given, and hand out none that it keeps.
/// </summary>
public interface IGrainStorage
{
    /// <summary>The stored state, or null.</summary>
    ValueTask<StoredState<T>?> Read<T>(string stateName, string grainKey, CancellationToken cancellationToken);

    /// <summary>Stores the state and returns its new etag.</summary>
    /// <param name="etag">That of the last read or write; null when there was nothing.</param>
    /// <exception cref="InconsistentStateException">What is stored has another etag.</exception>
    ValueTask<string> Write<T>(string stateName, string grainKey, T state, string? etag, CancellationToken cancellationToken);

    /// <summary>Removes the state.</summary>
    /// <exception cref="InconsistentStateException">What is stored has another etag.</exception>
    ValueTask Clear<T>(string stateName, string grainKey, string? etag, CancellationToken cancellationToken);
}

/// <summary>A state and its version.</summary>
public sealed record StoredState<T>(T State, string Etag);
