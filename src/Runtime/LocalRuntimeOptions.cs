using System.Reflection;
using Telephony.Runtime.Scheduling;

namespace Telephony.Runtime;

/// <summary>How the actor runtime runs.</summary>
public sealed class LocalRuntimeOptions
{
    internal HashSet<Assembly> Assemblies { get; } = [];

    /// <summary>How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nobody may use an activation before it goes. Default 15 minutes.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often idle activations are looked for; one goes at most this much later than it might. Default 1 minute.</summary>
    public TimeSpan IdleScan { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long activating may take, and deactivating. Default 30 s.</summary>
    public TimeSpan LifecycleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping may take in all: to answer what was asked, and to deactivate. Default 20 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many messages may wait at one activation. One more gets its caller a <see cref="LimitExceededException"/>; a one-way message is logged and lost. Default 10,000.</summary>
    public int MaxQueuedMessages { get; set; } = 10_000;

    /// <summary>How many activations may be in memory. A call that needs one more gets a <see cref="LimitExceededException"/>. Default 2,000,000.</summary>
    public int MaxActivations { get; set; } = 2_000_000;

    /// <summary>How many items may wait for one subscriber of a stream; beyond that it loses the oldest, and its observer is told by <see cref="IAsyncObserver{T}.OnErrorAsync"/>. Default 1,000.</summary>
    public int MaxQueuedStreamItems { get; set; } = 1_000;

    /// <summary>Where turns run; null for the thread pool.</summary>
    public TurnScheduler? Scheduler { get; set; }

    /// <summary>For tests: every argument, result and stream item is copied as a serializer would, and what is not serializable fails.</summary>
    public bool CopiesMessages { get; set; }

    /// <summary>For tests, with <see cref="CopiesMessages"/>: types and parameters marked <see cref="ImmutableAttribute"/> are handed over as they are.</summary>
    public bool TrustsImmutable { get; set; }

    /// <summary>For tests: the probability, 0 to 1, with which a grain that nothing keeps goes after a request.</summary>
    public double DeactivatesAtRandom { get; set; }

    /// <summary>For tests: what <see cref="DeactivatesAtRandom"/> is decided by.</summary>
    public int Seed { get; set; }

    /// <summary>Adds the grain classes of an assembly.</summary>
    public LocalRuntimeOptions AddAssembly(Assembly assembly)
    {
        Assemblies.Add(assembly);
        return this;
    }
}
