using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Telephony.Api;

/// <summary>Problem details (RFC 9457) where no endpoint can return them.</summary>
internal static class Problem
{
    public static async Task Write(HttpContext context, int status, string? detail = null)
    {
        context.Response.StatusCode = status;
        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = new ProblemDetails { Status = status, Detail = detail } });
    }

    /// <summary>For a line of a stream that has begun already.</summary>
    public static object Line(HttpContext context, int status, string title, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new { problem = new { status, title, errors, traceId = Activity.Current?.Id ?? context.TraceIdentifier } };
}
