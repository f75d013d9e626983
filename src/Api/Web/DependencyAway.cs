using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Telephony.Api.Web;

/// <summary>PostgreSQL is away or busy, or a grain does not answer: 503, and try again soon.</summary>
internal sealed class DependencyAway(ILogger<DependencyAway> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var cause = exception is InvalidOperationException or DbUpdateException ? exception.InnerException : exception;
        if (cause is not (NpgsqlException { IsTransient: true } or TimeoutException or SocketException)) return false;
        Log.DependencyAway(log, cause.Message);
        httpContext.Response.Headers.RetryAfter = "2";
        await Problem.Write(httpContext, StatusCodes.Status503ServiceUnavailable, "Something that this needs is away. Try again soon.");
        return true;
    }
}
