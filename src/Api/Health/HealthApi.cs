using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telephony.Api.Json;

namespace Telephony.Api.Health;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: everything that it needs does too; every registered health check is asked, each for a bounded time. Says what is away,
/// not why: the reason is in the log.
/// </summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
        routes.MapHealthChecks("/readyz", new HealthCheckOptions
        {
            ResponseWriter = Write,
            ResultStatusCodes =
            {
                [HealthStatus.Healthy] = StatusCodes.Status200OK, [HealthStatus.Degraded] = StatusCodes.Status200OK,
                [HealthStatus.Unhealthy] = StatusCodes.Status503ServiceUnavailable,
            },
        });
    }

    private static Task Write(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body,
            new
            {
                status = report.Status,
                checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { entry.Value.Status, Detail = entry.Value.Description, Ms = (long)entry.Value.Duration.TotalMilliseconds }),
            },
            ApiJson.Options, context.RequestAborted);
    }
}
