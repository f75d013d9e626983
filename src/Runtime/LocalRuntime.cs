using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telephony.Runtime.Activations;
using Telephony.Runtime.Calls;
using Telephony.Runtime.Catalog;
using Telephony.Runtime.Copying;
using Telephony.Runtime.Scheduling;
using Telephony.Runtime.Streams;

namespace Telephony.Runtime;

/// <summary>The Orleans programming model in this process: see the interfaces. Knows the grain classes, and through them every activation.</summary>
internal sealed class LocalRuntime : IClusterClient, IStreamProviderSource, IAsyncDisposable, IDisposable
{
    private readonly Dictionary<Type, GrainClass> _byInterface = [];
    private readonly List<GrainClass> _classes = [];
    private readonly ConcurrentDictionary<TimeSpan, CallTimeouts> _timeouts = [];
    private readonly CallTimeouts? _defaultTimeouts;
    private readonly GrainClass _observers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _idleScan;
    private long _observerCount;
    private int _activationCount;
    private int _quantum;
    private volatile bool _acceptsFromOutside = true;
    private bool _isStopping;

    public LocalRuntime(IServiceProvider services, IOptions<LocalRuntimeOptions> options, TimeProvider time, ILogger<LocalRuntime> logger, IMeterFactory meters)
    {
        ServiceProvider = services;
        Options = options.Value;
        Time = time;
        Logger = logger;
        Stopping = _stopping.Token;
        Scheduler = Options.Scheduler ?? new ThreadPoolScheduler();
        Metrics = new(meters, this);
        Streams = new(this);
        Copier = Options.CopiesMessages ? new(Options.TrustsImmutable) : null;
        Chaos = Options.DeactivatesAtRandom > 0 ? new(Options.Seed, Options.DeactivatesAtRandom) : null;
        _defaultTimeouts = Options.ResponseTimeout == Timeout.InfiniteTimeSpan ? null : _timeouts.GetOrAdd(Options.ResponseTimeout, NewTimeouts);
        _observers = new(this, "observer");
        foreach (var type in Options.Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type is { IsClass: true, IsAbstract: false } && type.IsSubclassOf(typeof(Grain))))
        {
            Add(new(this, type));
        }
    }

    public IServiceProvider ServiceProvider { get; }

    internal LocalRuntimeOptions Options { get; }
    internal TimeProvider Time { get; }
    internal ILogger Logger { get; }
    internal TurnScheduler Scheduler { get; }
    internal RuntimeMetrics Metrics { get; }
    internal StreamRegistry Streams { get; }
    internal DeepCopier? Copier { get; }
    internal Chaos? Chaos { get; }

    /// <summary>Cancelled when stopping has taken as long as it may.</summary>
    internal CancellationToken Stopping { get; }

    internal bool AcceptsFromOutside => _acceptsFromOutside;
    internal int ActivationCount => Volatile.Read(ref _activationCount);

    /// <summary>How often idle activations have been looked for: a clock that costs nothing to read.</summary>
    internal int Quantum => Volatile.Read(ref _quantum);

    public T GetGrain<T>(string primaryKey) where T : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        return (T)(object)References<T>.Create(ClassOf(typeof(T)), primaryKey);
    }

    public T CreateObjectReference<T>(IGrainObserver obj) where T : IGrainObserver
    {
        if (obj is not T) throw new ArgumentException($"The object is no {typeof(T)}.", nameof(obj));

        var observer = NewObserver(obj);
        var reference = References<T>.Create(_observers, observer.PrimaryKey);
        reference.Bind(observer);
        return (T)(object)reference;
    }

    public IStreamProvider GetStreamProvider(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new LocalStreamProvider(Streams, name, null);
    }

    /// <summary>A mailbox for an object that is no grain.</summary>
    internal Activation NewObserver(object obj) =>
        new(_observers, Interlocked.Increment(ref _observerCount).ToString(System.Globalization.CultureInfo.InvariantCulture), obj);

    public void DeleteObjectReference<T>(IGrainObserver obj) where T : IGrainObserver
    {
        if (obj is not GrainReference reference || reference.Class != _observers) throw new ArgumentException("This is no reference to an observer.", nameof(obj));

        reference.Existing?.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "Its reference was deleted."));
    }

    internal static T GetReference<T>(GrainClass grainClass, string key) where T : IAddressable =>
        typeof(T).IsAssignableFrom(grainClass.Type)
            ? (T)(object)References<T>.Create(grainClass, key)
            : throw new ArgumentException($"{grainClass.Type} does not implement {typeof(T)}.");

    internal CallTimeouts? TimeoutsOf(GrainMethod method) =>
        method.Timeout is not { } timeout ? _defaultTimeouts
        : timeout == Timeout.InfiniteTimeSpan ? null
        : _timeouts.GetOrAdd(timeout, NewTimeouts);

    /// <summary>Adds the calls that wait for an answer.</summary>
    internal void CopyWaiting(List<Request> waiting)
    {
        foreach (var timeouts in _timeouts.Values) timeouts.CopyTo(waiting);
    }

    internal void CountActivation()
    {
        if (Interlocked.Increment(ref _activationCount) <= Options.MaxActivations) return;

        UncountActivation();
        throw new LimitExceededException($"There are {Options.MaxActivations} activations; there may be no more.");
    }

    internal void UncountActivation()
    {
        if (Interlocked.Decrement(ref _activationCount) == 0 && Volatile.Read(ref _isStopping)) _empty.TrySetResult();
    }

    /// <summary>Checks that every grain class can be made, and begins to look for idle activations.</summary>
    internal void Start()
    {
        foreach (var grainClass in _classes) grainClass.Prepare();
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _idleScan = Time.CreateTimer(static runtime => ((LocalRuntime)runtime!).ScanForIdle(), this, Options.IdleScan, Options.IdleScan);
        }
    }

    /// <summary>Takes no more calls from outside, lets what was begun end, and deactivates every grain: all of it within the shutdown timeout, or until cancelled.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStopping, true)) return;

        _acceptsFromOutside = false;
        if (_idleScan is not null) await _idleScan.DisposeAsync();
        using var deadline = new CancellationTokenSource(Options.ShutdownTimeout, Time);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var drainUntil = Time.GetTimestamp();
            while (!IsIdle() && Time.GetElapsedTime(drainUntil) < Options.ShutdownTimeout / 2) await Task.Delay(TimeSpan.FromMilliseconds(10), Time, cancelled.Token);

            while (ActivationCount > 0)
            {
                foreach (var activation in Activations()) activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The runtime stops."));
                if (ActivationCount == 0) break;

                await Task.WhenAny(_empty.Task, Task.Delay(TimeSpan.FromMilliseconds(10), Time, cancelled.Token)); // a grain that had to go may have been called again
                cancelled.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            Log.StoppedLate(Logger, ActivationCount, Options.ShutdownTimeout);
        }

        await _stopping.CancelAsync();
        foreach (var timeouts in _timeouts.Values) timeouts.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new(canceled: true));
        _stopping.Dispose();
    }

    /// <summary>Waits for nothing: it was not stopped, or it was and all is done.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Every activation, in an order that a simulation can repeat if there is one.</summary>
    internal IEnumerable<Activation> Activations()
    {
        var all = _classes.SelectMany(grainClass => grainClass.Activations);
        return Scheduler.OrdersOutside ? all.OrderBy(activation => activation.ToString(), StringComparer.Ordinal) : all;
    }

    private bool IsIdle() => Activations().All(activation => activation.IsIdle);

    private void ScanForIdle()
    {
        var quantum = Interlocked.Increment(ref _quantum);
        var idleSince = quantum - 1 - (int)Math.Ceiling(Options.IdleTime / Options.IdleScan);
        foreach (var activation in Activations()) activation.DeactivateIfIdle(idleSince);
    }

    private void Add(GrainClass grainClass)
    {
        _classes.Add(grainClass);
        Streams.Add(grainClass);
        foreach (var type in grainClass.Type.GetInterfaces().Where(type => type != typeof(IGrainWithStringKey) && typeof(IGrainWithStringKey).IsAssignableFrom(type)))
        {
            if (_byInterface.TryGetValue(type, out var other)) throw new ArgumentException($"Both {other.Type} and {grainClass.Type} implement {type}: a reference would not know its grain.");

            foreach (var (declaring, method) in ProxyBuilder.Methods(type))
            {
                if (GrainMethod.Refuse(declaring, method) is { } refused) throw new ArgumentException(refused);
            }

            _byInterface.Add(type, grainClass);
        }
    }

    private GrainClass ClassOf(Type type) => _byInterface.TryGetValue(type, out var found) ? found : throw new ArgumentException($"No grain class implements {type}. Is its assembly added?");

    private CallTimeouts NewTimeouts(TimeSpan timeout) => new(this, timeout);

    /// <summary>What makes references, found without a look-up.</summary>
    private static class References<T>
    {
        private static Func<GrainClass, string, GrainReference>? s_create;

        internal static Func<GrainClass, string, GrainReference> Create => s_create ??= ProxyBuilder.Get(typeof(T));
    }
}
