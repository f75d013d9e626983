using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Telephony.Api.Identity;

/// <summary>
/// Refuses what another site made a browser send. Where a cookie says who calls, an unsafe method needs the header <c>X-XSRF-TOKEN</c>; signing in needs JSON, which
/// a form cannot send. The hub, whose requests cannot carry the header, needs an Origin that is its own host.
/// </summary>
internal sealed class AntiforgeryMiddleware(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.AuthenticationType != Schemes.Cookie)
        {
            await next(context);
            return;
        }

        var request = context.Request;
        var isRefused = request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal)
            ? !Origin.IsOwn(request)
            : !IsSafe(request.Method) && !IsSignIn(request) && !await antiforgery.IsRequestValidAsync(context);
        if (isRefused)
        {
            await Problem.Write(context, StatusCodes.Status400BadRequest, "The antiforgery token is missing, old or somebody else's. Get one from GET /api/v1/session and send it as X-XSRF-TOKEN.");
            return;
        }

        await next(context);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static bool IsSignIn(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path == SessionApi.Path;
}
