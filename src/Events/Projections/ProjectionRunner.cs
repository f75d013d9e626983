using System.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Events;

/// <summary>
/// Keeps every <see cref="IProjection"/> up with the events: one transaction a batch, together with its row in <c>mt_event_progression</c>, so that a crash
/// neither loses nor repeats an event. Woken by this process's commits, and once a second for those of others.
/// </summary>
public sealed class ProjectionRunner : BackgroundService
{
    private const int BatchSize = 2000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly EventsDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger<ProjectionRunner> _log;
    private readonly Dictionary<string, Runner> _runners;
    private readonly SemaphoreSlim _preparing = new(1);

    internal ProjectionRunner(EventsDatabase database, IEnumerable<IProjection> projections, TimeProvider time, ILogger<ProjectionRunner> log)
    {
        (_database, _time, _log) = (database, time, log);
        _runners = projections.ToDictionary(p => p.Name, p => new Runner(p));
    }

    public IReadOnlyCollection<string> Names => _runners.Keys;

    /// <summary>Projections that fail at the moment, and why.</summary>
    public IReadOnlyDictionary<string, string> Failing =>
        _runners.Values.Where(r => r.Failure is not null).ToDictionary(r => r.Projection.Name, r => r.Failure!);

    /// <summary>
    /// Makes the rows of a projection again, from the first event on, beside those that are there; they take their place in one transaction. Reading and the
    /// projection itself go on meanwhile.
    /// </summary>
    /// <returns>How many events were applied; null when there is no such projection.</returns>
    /// <exception cref="InvalidOperationException">It is being rebuilt already.</exception>
    public async Task<long?> Rebuild(string name, CancellationToken cancellationToken = default)
    {
        if (!_runners.TryGetValue(name, out var runner)) return null;

        return await new ProjectionRebuild(_database, runner.Projection, _time, _log).Run(cancellationToken);
    }

    /// <summary>Completes once the projection's tables are there and of its version; at the first start of a new version, that is after it was rebuilt.</summary>
    public Task WhenReady(string name, CancellationToken cancellationToken = default) => _runners[name].Prepared.Task.WaitAsync(cancellationToken);

    /// <summary>Applies all events that are committed by now. For tests and tools; it also runs by itself.</summary>
    public async Task CatchUp(string name, CancellationToken cancellationToken = default)
    {
        var runner = _runners[name];
        while (await Advance(runner, wait: true, cancellationToken))
        {
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _preparing.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_runners.Values.Select(r => Run(r, stoppingToken)));

    private async Task Run(Runner runner, CancellationToken stoppingToken)
    {
        await Task.Yield();
        for (var pause = MinPause; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                var seen = _database.Committed.Count;
                while (await Advance(runner, wait: false, stoppingToken))
                {
                }

                (runner.Failure, pause) = (null, MinPause);
                await _database.Committed.After(seen).WaitAsync(PollInterval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // whatever a projection throws: it is kept, reported and tried again, and no other projection suffers
            catch (Exception e)
#pragma warning restore CA1031
            {
                runner.Failure = e.Message;
                EventsMetrics.ProjectionFailures.Add(1, new KeyValuePair<string, object?>("projection", runner.Projection.Name));
                Log.ProjectionFailed(_log, e, runner.Projection.Name, runner.Progress, pause);
                await Task.Delay(pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks));
            }
        }
    }

    // One batch. False when there is no more to apply, or, unless told to wait, another silo is at it.
    private async Task<bool> Advance(Runner runner, bool wait, CancellationToken cancellationToken)
    {
        var projection = runner.Projection;
        await using var connection = await _database.Open(cancellationToken);
        await Prepare(runner, connection, cancellationToken);

        Func<Task>? followUp;
        int count;
        await using (var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken))
        {
            if (await ProjectionTables.LockProgress(connection, projection, skipLocked: !wait, cancellationToken) is not { } progress) return false;

            runner.Progress = progress;
            var events = await EventStore.ReadPage(connection, new(progress + 1, Limit: BatchSize), cancellationToken);
            if (events.Count == 0) return false;

            followUp = await projection.Apply(connection, events, cancellationToken);
            runner.Progress = events[^1].Number;
            await ProjectionTables.SetProgress(connection, projection, runner.Progress, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            count = events.Count;
        }

        try
        {
            if (followUp is not null) await followUp();
        }
#pragma warning disable CA1031 // the events are applied: a listener's failure must not apply them again
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.FollowUpFailed(_log, e, projection.Name);
        }

        return count == BatchSize;
    }

    // Another version's rows are of no use to this one.
    private async Task Prepare(Runner runner, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (runner.Prepared.Task.IsCompleted) return;

        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (!await ProjectionTables.Exist(connection, runner.Projection, cancellationToken))
            {
                await new ProjectionRebuild(_database, runner.Projection, _time, _log).Run(cancellationToken);
            }

            runner.Prepared.TrySetResult();
        }
        finally
        {
            _preparing.Release();
        }
    }

    private sealed class Runner(IProjection projection)
    {
        public IProjection Projection { get; } = projection;
        public TaskCompletionSource Prepared { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public long Progress { get; set; }
        public string? Failure { get; set; }
    }
}
