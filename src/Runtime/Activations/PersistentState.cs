using Telephony.Runtime.Storage;

namespace Telephony.Runtime.Activations;

/// <summary>A state that is read before its grain activates.</summary>
internal interface IStoredState
{
    Task ReadStateAsync(CancellationToken cancellationToken);
}

/// <summary>One named state of one grain; used in its turns.</summary>
internal sealed class PersistentState<T>(IGrainStorage storage, string name, string key) : IPersistentState<T>, IStoredState where T : new()
{
    public T State { get; set; } = new();
    public string? Etag { get; private set; }
    public bool RecordExists => Etag is not null;

    public async Task ReadStateAsync(CancellationToken cancellationToken)
    {
        var stored = await storage.Read<T>(name, key, cancellationToken);
        State = stored is null ? new() : stored.State;
        Etag = stored?.Etag;
    }

    public async Task WriteStateAsync(CancellationToken cancellationToken) => Etag = await storage.Write(name, key, State, Etag, cancellationToken);

    public async Task ClearStateAsync(CancellationToken cancellationToken)
    {
        await storage.Clear<T>(name, key, Etag, cancellationToken);
        Etag = null;
        State = new();
    }
}
