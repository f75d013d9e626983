using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Configuration.Storage;

/// <summary>
/// Hears of changes that others committed (PostgreSQL's NOTIFY) and has the reader read them. A payload is "instance tenant"; our own
/// changes were read when they were written. After a lost connection everything is read again, for nobody kept what was said meanwhile.
/// </summary>
internal sealed class ChangeListener(NpgsqlDataSource postgres, ConfigurationReader reader, TimeProvider clock, ILogger<ChangeListener> log) : BackgroundService
{
    public const string Channel = "telephony_config";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
            {
                Log.ReadFailed(log, exception.Message);
                await Task.Delay(Retry, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task Listen(CancellationToken stoppingToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, notification) => _heard.Add(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
        await reader.RefreshAll(stoppingToken);

        while (true)
        {
            if (!await connection.WaitAsync(ProbeAfter, stoppingToken))
            {
                await using var probe = new NpgsqlCommand("select 1", connection) { CommandTimeout = 5 }; // is anybody still there?
                await probe.ExecuteScalarAsync(stoppingToken);
            }

            foreach (var tenant in _heard.Select(payload => payload.Split(' ')).Where(part => part.Length == 2 && part[0] != reader.Instance).Select(part => part[1]).Distinct().ToList())
            {
                await reader.Refresh(tenant, stoppingToken);
            }

            _heard.Clear();
        }
    }

    private static readonly TimeSpan ProbeAfter = TimeSpan.FromSeconds(10);
}
