namespace Telephony.Runtime;

/// <summary>One named piece of a grain's stored state; read before the grain activates.</summary>
public interface IPersistentState<T>
{
    T State { get; set; }
    string? Etag { get; }
    bool RecordExists { get; }
    Task ReadStateAsync(CancellationToken cancellationToken = default);
    Task WriteStateAsync(CancellationToken cancellationToken = default);
    Task ClearStateAsync(CancellationToken cancellationToken = default);
}
