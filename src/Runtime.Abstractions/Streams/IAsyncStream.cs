namespace Telephony.Runtime;

/// <summary>Orders the items of a stream where a provider numbers them.</summary>
public abstract class StreamSequenceToken;

/// <summary>Takes the items of a stream, one after the other.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>The next item. A failure is logged; the next item comes all the same.</summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>Items were lost, because this subscriber was too slow.</summary>
    Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}

/// <summary>A named flow of items: published to every subscriber in the order of publication.</summary>
public interface IAsyncStream<T>
{
    string ProviderName { get; }
    StreamId StreamId { get; }

    /// <summary>Hands the item to each subscriber's queue. Waits for none of them.</summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>A grain's subscription outlives its activation: the next one gets it from <see cref="GetAllSubscriptionHandles"/> and resumes it.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);

    /// <summary>The subscriptions of the asking grain, or of this client.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

/// <summary>One subscription to a stream.</summary>
public abstract class StreamSubscriptionHandle<T>
{
    public abstract string ProviderName { get; }
    public abstract StreamId StreamId { get; }
    public abstract Guid HandleId { get; }
    public abstract Task UnsubscribeAsync();

    /// <summary>Gives a subscription of an earlier activation its handler.</summary>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);
}

/// <summary>Subscribing with lambdas.</summary>
public static class AsyncStreamExtensions
{
    public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(this IAsyncStream<T> stream, Func<T, StreamSequenceToken?, Task> onNextAsync) =>
        stream.SubscribeAsync(new LambdaObserver<T>(onNextAsync));

    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync) =>
        handle.ResumeAsync(new LambdaObserver<T>(onNextAsync));

    private sealed class LambdaObserver<T>(Func<T, StreamSequenceToken?, Task> onNext) : IAsyncObserver<T>
    {
        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => onNext(item, token);
    }
}
