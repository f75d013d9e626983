using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Telephony.Api.Health;

/// <summary>PostgreSQL answers a query.</summary>
internal sealed class PostgresHealth(NpgsqlDataSource postgres) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var command = postgres.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
