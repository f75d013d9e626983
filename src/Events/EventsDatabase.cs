using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Events;

/// <summary>
/// PostgreSQL, for events and for what is projected from them. The schema <c>events</c> and those of other <see cref="SqlMigrations"/> are brought up to date before the first
/// connection is given out; as long as PostgreSQL is away, everybody waits.
/// </summary>
public sealed class EventsDatabase(string connectionString, IEnumerable<SqlMigrations> migrations, TimeProvider time, ILogger<EventsDatabase> log) : IAsyncDisposable
{
    /// <summary>The schema of Marten's tables.</summary>
    public const string Schema = "events";

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _preparing = new(1);
    private readonly SqlMigrations[] _migrations = [new(Schema, typeof(EventsDatabase).Assembly, "Telephony.Events.Sql."), .. migrations];
    private volatile bool _ready;

    /// <summary>Set after every commit of events by this process.</summary>
    internal Signal Committed { get; } = new();

    internal NpgsqlDataSource DataSource { get; } = CreateSource(connectionString);

    /// <summary>An open connection, the caller's to dispose. Waits while the database was never reached; fails when it is away later.</summary>
    public async ValueTask<NpgsqlConnection> Open(CancellationToken cancellationToken)
    {
        if (!_ready) await Prepare(cancellationToken);
        return await DataSource.OpenConnectionAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _preparing.Dispose();
        return DataSource.DisposeAsync();
    }

    private async Task Prepare(CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(100); !_ready; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks)))
            {
                try
                {
                    await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
                    foreach (var migration in _migrations) await migration.Apply(connection, log, cancellationToken);
                    _ready = true;
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException)
                {
                    Log.NotReady(log, e, pause);
                    await Task.Delay(pause, time, cancellationToken);
                }
            }
        }
        finally
        {
            _preparing.Release();
        }
    }

    private static NpgsqlDataSource CreateSource(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 50, AutoPrepareMinUsages = 2, ApplicationName = "telephony events" };
        return NpgsqlDataSource.Create(builder);
    }
}
