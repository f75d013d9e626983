namespace Telephony.Runtime;

/// <summary>One named piece of a grain's stored state; read before the grain activates.</summary>
public interface IPersistentState<TState>
{
    /// <summary>Never null unless set so: a new <typeparamref name="TState"/> when nothing is stored.</summary>
    TState State { get; set; }

    string? Etag { get; }
    bool RecordExists { get; }
    Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);
    Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);
    Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);
    Task ReadStateAsync(CancellationToken cancellationToken);
    Task WriteStateAsync(CancellationToken cancellationToken);
    Task ClearStateAsync(CancellationToken cancellationToken);
}
