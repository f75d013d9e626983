namespace Telephony.Runtime;

/// <summary>The address of a stream.</summary>
public readonly record struct StreamId(string? Namespace, string Key)
{
    public static StreamId Create(string? streamNamespace, string key) => new(streamNamespace, key);
}

/// <summary>Orders the items of a stream where a provider numbers them.</summary>
public abstract class StreamSequenceToken;

public interface IStreamProvider
{
    string Name { get; }
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

public interface IAsyncObserver<in T>
{
    Task OnNextAsync(T item, StreamSequenceToken? token = null);
}

/// <summary>A named flow of items: published to every subscriber in the order of publication.</summary>
public interface IAsyncStream<T>
{
    StreamId StreamId { get; }
    Task OnNextAsync(T item, StreamSequenceToken? token = null);
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

public abstract class StreamSubscriptionHandle<T>
{
    public abstract StreamId StreamId { get; }
    public abstract Task UnsubscribeAsync();
}

public static class AsyncStreamExtensions
{
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(this IAsyncStream<T> stream, Func<T, StreamSequenceToken?, Task> onNext) =>
        stream.SubscribeAsync(new LambdaObserver<T>(onNext));

    private sealed class LambdaObserver<T>(Func<T, StreamSequenceToken?, Task> onNext) : IAsyncObserver<T>
    {
        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => onNext(item, token);
    }
}
