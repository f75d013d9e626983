namespace Telephony.Runtime.Streams;

/// <summary>An observer, whatever the type of its items.</summary>
internal abstract class StreamHandler
{
    internal abstract Task Handle(object? item, StreamSequenceToken? token);

    internal abstract Task Fail(Exception failure);
}

/// <summary>An observer of items of one type.</summary>
internal sealed class StreamHandler<T>(IAsyncObserver<T> observer) : StreamHandler
{
    internal override Task Handle(object? item, StreamSequenceToken? token) => observer.OnNextAsync((T)item!, token);

    internal override Task Fail(Exception failure) => observer.OnErrorAsync(failure);
}
