using Telephony.Runtime.Activations;

namespace Telephony.Runtime.Streams;

/// <summary>Streams as one grain sees them, or (null) the clients.</summary>
internal sealed class LocalStreamProvider(StreamRegistry registry, string name, Activation? grain) : IStreamProvider
{
    public string Name => name;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new LocalStream<T>(registry, name, streamId, grain);
}

/// <inheritdoc cref="IAsyncStream{T}"/>
internal sealed class LocalStream<T>(StreamRegistry registry, string provider, StreamId id, Activation? grain) : IAsyncStream<T>
{
    private StreamHub? _hub;

    public string ProviderName => provider;
    public StreamId StreamId => id;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        object? boxed = item;
        while ((_hub ??= registry.Find(provider, id)) is { } hub)
        {
            if (hub.TryPublish(boxed, token)) break;

            _hub = null; // it closed, and another may be there
        }

        return Task.CompletedTask;
    }

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var handler = new StreamHandler<T>(observer);
        while (true)
        {
            var hub = registry.GetOrAdd(provider, id);
            if (grain is not null && grain.PrimaryKey == id.GetKeyAsString() && registry.ImplicitOf(id).Contains(grain.Class))
            {
                if (hub.Where(s => s.IsImplicit && s.IsOf(grain)) is [var subscription]) return Attach(subscription);

                if (!hub.TryAdd(subscription = new(hub, registry, grain.Class, grain.PrimaryKey, isImplicit: true))) continue;

                return Attach(subscription);
            }

            var made = grain is null ? new StreamSubscription(hub, registry, handler) : new(hub, registry, grain.Class, grain.PrimaryKey, isImplicit: false);
            grain?.Attach(made, handler); // before the first item
            if (hub.TryAdd(made)) return Handle(made);

            grain?.Detach(made);
        }

        Task<StreamSubscriptionHandle<T>> Attach(StreamSubscription subscription)
        {
            grain!.Attach(subscription, handler);
            return Handle(subscription);
        }
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var mine = registry.Find(provider, id)?.Where(subscription => subscription.IsOf(grain)) ?? [];
        return Task.FromResult<IList<StreamSubscriptionHandle<T>>>([.. mine.Select(subscription => new LocalHandle<T>(subscription, grain))]);
    }

    private Task<StreamSubscriptionHandle<T>> Handle(StreamSubscription subscription) =>
        Task.FromResult<StreamSubscriptionHandle<T>>(new LocalHandle<T>(subscription, grain));
}

/// <inheritdoc cref="StreamSubscriptionHandle{T}"/>
internal sealed class LocalHandle<T>(StreamSubscription subscription, Activation? grain) : StreamSubscriptionHandle<T>
{
    public override string ProviderName => subscription.Hub.Provider;
    public override StreamId StreamId => subscription.Hub.Id;
    public override Guid HandleId => subscription.Id;

    public override Task UnsubscribeAsync()
    {
        grain?.Detach(subscription);
        if (!subscription.IsImplicit) subscription.End();
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (grain is null) throw new InvalidOperationException("A client's subscription has its observer for as long as it lives.");

        grain.Attach(subscription, new StreamHandler<T>(observer));
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }
}
