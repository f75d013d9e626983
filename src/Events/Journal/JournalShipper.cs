using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Telephony.Events;

/// <summary>
/// The one writer of a silo: takes the journal's events to <c>mt_events</c> in order, each once, and its states to <c>grain_state</c>. How far it is stands in the table
/// <c>journals</c>, in the events' own transaction. While PostgreSQL is away it keeps trying; the journal keeps everything meanwhile.
/// </summary>
internal sealed class JournalShipper(
    Journal journal, EventsDatabase database, StateStore states, EventTypes types, IOptions<JournalOptions> options, TimeProvider time, ILogger<JournalShipper> log)
    : BackgroundService
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    private readonly List<JournaledEvent> _events = [];
    private readonly Loop _eventLoop = new();
    private readonly Loop _stateLoop = new();
    private NpgsqlConnection? _connection;
    private JournalCursor? _cursor;
    private long _eventsShipped;
    private long _statesShipped;

    /// <summary>Since when PostgreSQL takes nothing, or null.</summary>
    public DateTimeOffset? FailingSince => _eventLoop.FailingSince ?? _stateLoop.FailingSince;

    /// <summary>All events before this position are in PostgreSQL.</summary>
    public long EventsShipped => Interlocked.Read(ref _eventsShipped);

    /// <summary>All states before this position are in PostgreSQL, or were replaced since.</summary>
    public long StatesShipped => Interlocked.Read(ref _statesShipped);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Run(_eventLoop, ShipEvents, options.Value.ShipInterval, stoppingToken),
        Run(_stateLoop, ShipStates, options.Value.StateInterval, stoppingToken));

    // Ships whatever was appended; once more at the end, if that works then.
    private async Task Run(Loop loop, Func<CancellationToken, Task> ship, TimeSpan interval, CancellationToken stoppingToken)
    {
        await Task.Yield();
        var pause = MinPause;
        for (var seen = -1L; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await journal.Appended.After(seen).WaitAsync(stoppingToken);
                if (seen >= 0) await Task.Delay(interval, time, stoppingToken); // let some gather
                var next = journal.Appended.Count;
                await ship(stoppingToken);
                if (loop.FailingSince is not null) Log.ShippingAgain(log);
                (seen, loop.FailingSince, pause) = (next, null, MinPause);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // whatever it is, the journal has everything, and giving up would fill it
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (loop.FailingSince is null) Log.ShippingFailed(log, e, MaxPause);
                loop.FailingSince ??= time.GetUtcNow();
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks));
            }
        }

        using var drain = new CancellationTokenSource(DrainTime, time);
        try
        {
            if (loop.FailingSince is null) await ship(drain.Token);
        }
#pragma warning disable CA1031 // the journal has it, and the next start ships it
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ShippingFailed(log, e, TimeSpan.Zero);
        }
    }

    private async Task ShipStates(CancellationToken cancellationToken)
    {
        var end = journal.End; // of what is before it, all states are in the table
        await states.Ship(journal.States, cancellationToken);
        Interlocked.Exchange(ref _statesShipped, end);
        DeleteShipped();
    }

    private async Task ShipEvents(CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await database.Open(cancellationToken);
            _cursor ??= new(journal, await ReadPosition(_connection, cancellationToken), log);
            do
            {
                _events.Clear();
                _cursor.Read(_events, options.Value.ShipEvents);
                if (_events.Count > 0) await Ship(_connection, cancellationToken);
                Interlocked.Exchange(ref _eventsShipped, _cursor.Position);
                DeleteShipped();
            }
            while (_events.Count >= options.Value.ShipEvents);
        }
        catch
        {
            if (_connection is not null)
            {
                await EventTable.Rollback(_connection);
                await _connection.DisposeAsync();
            }

            _cursor?.Dispose();
            (_connection, _cursor) = (null, null); // PostgreSQL tells how far it came
            throw;
        }
    }

    private async Task Ship(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var last = await EventTable.Begin(connection, _events, cancellationToken);
            await EventTable.Insert(connection, last, _events, types, cancellationToken);
            await EventTable.Commit(connection, last + _events.Count, SetPosition(), cancellationToken);
        }
        catch (PostgresException e) when (CarefulInsert.IsOfData(e))
        {
            await EventTable.Rollback(connection);
            var last = await CarefulInsert.Run(connection, _events, types, log, cancellationToken);
            await EventTable.Commit(connection, last, SetPosition(), cancellationToken);
        }

        EventsMetrics.Shipped.Add(_events.Count);
        database.Committed.Set();
    }

    private NpgsqlBatchCommand SetPosition() => new("""
        insert into events.journals (id, position) values ($1, $2)
        on conflict (id) do update set position = excluded.position, updated = now()
        """)
    {
        Parameters = { new() { Value = journal.Id }, new() { Value = _cursor!.Position } },
    };

    private async Task<long> ReadPosition(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select position from events.journals where id = $1", connection) { Parameters = { new() { Value = journal.Id } } };
        var position = await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
        if (_eventsShipped > 0 || position <= journal.Begin) return position;

        Log.Restored(log, position, journal.Begin);
        return 0;
    }

    private void DeleteShipped() => journal.DeleteUpTo(Math.Min(EventsShipped, StatesShipped));

    private sealed class Loop
    {
        public DateTimeOffset? FailingSince { get; set; }
    }
}
