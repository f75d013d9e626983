using Telephony.Runtime.Streams;

namespace Telephony.Runtime.Activations;

/// <summary>The stream handlers of an activation; touched in its turns alone.</summary>
internal sealed partial class Activation
{
    public override IStreamProvider GetStreamProvider(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new LocalStreamProvider(Runtime.Streams, name, this);
    }

    internal StreamHandler? HandlerOf(StreamSubscription subscription) => _parts?.Handlers?.GetValueOrDefault(subscription);

    internal void Attach(StreamSubscription subscription, StreamHandler handler) => (Parts.Handlers ??= [])[subscription] = handler;

    internal void Detach(StreamSubscription subscription) => _parts?.Handlers?.Remove(subscription);

    /// <summary>An implicit subscription takes memory only while its grain does.</summary>
    private void DetachAll()
    {
        if (_parts?.Handlers is not { } handlers) return;

        foreach (var subscription in handlers.Keys)
        {
            if (subscription.IsImplicit) subscription.Hub.RemoveIfQuiet(subscription);
        }

        _parts.Handlers = null;
    }
}
