namespace Telephony.Runtime;

/// <summary>A named family of streams.</summary>
public interface IStreamProvider
{
    string Name { get; }
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>Streams for those who are not grains.</summary>
public static class ClientStreamingExtensions
{
    public static IStreamProvider GetStreamProvider(this IClusterClient client, string name) =>
        (client as IStreamProviderSource ?? throw new ArgumentException("This client has no streams.", nameof(client))).GetStreamProvider(name);
}

/// <summary>A client that has streams.</summary>
public interface IStreamProviderSource
{
    IStreamProvider GetStreamProvider(string name);
}
