using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Telephony.Api.Identity;
using Telephony.Grains.Calls.History;

namespace Telephony.Api.Calls;

public sealed record FlagRequest(bool Flagged);

internal static class CallsApi
{
    private const int MaxLimit = 200;

    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/calls").WithTags("Calls").RequireAuthorization(Policies.Person);
        group.MapGet("", List).WithSummary("The caller's own calls, newest first")
            .WithDescription("A page of finished calls. Hand `next` in as `cursor` for the following page; null ends the list. `limit`: 1 to 200, else 50.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/{id:guid}", Get).WithSummary("A call with its legs and its timeline")
            .WithDescription("404 for calls that the caller took no part in.").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id:guid}/quality", GetQuality).WithSummary("How the sound of a call was, second by second")
            .WithDescription("""
                A leg that was measured has series of arrays, one element a second from `from` on: packets and bytes received and sent, packets lost, `jitter`, `roundTrip` and
                `remoteJitter` in microseconds, `rFactor` (0 to 100), `mos` in hundredths; 0 where the last three are not known. 404 for calls that the caller took no part in.
                """).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPut("/{id:guid}/flag", Flag).WithSummary("Flag a call, or take the flag away").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<CallPage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, ICallHistory history, CancellationToken cancellationToken, string? cursor = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit) return TypedResults.Problem($"limit must be 1 to {MaxLimit}.", statusCode: StatusCodes.Status400BadRequest);
        if (cursor is { Length: 0 or > 200 }) return BadCursor();
        try
        {
            return TypedResults.Ok(await history.GetPage(user.GetTenant(), user.GetExtension(), cursor, limit, cancellationToken));
        }
        catch (Exception exception) when (cursor is not null && exception is FormatException or ArgumentException)
        {
            return BadCursor();
        }

        static ProblemHttpResult BadCursor() => TypedResults.Problem("cursor is not one that a page gave as next.", statusCode: StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<CallDetail>, ProblemHttpResult>> Get(Guid id, ClaimsPrincipal user, ICallHistory history, CancellationToken cancellationToken) =>
        await history.GetCall(user.GetTenant(), user.GetExtension(), id, cancellationToken) is { } call ? TypedResults.Ok(call) : NoSuchCall();

    private static async Task<Results<Ok<IReadOnlyList<CallLegQuality>>, ProblemHttpResult>> GetQuality(
        Guid id, ClaimsPrincipal user, ICallHistory history, CancellationToken cancellationToken) =>
        await history.GetQuality(user.GetTenant(), user.GetExtension(), id, cancellationToken) is { } quality ? TypedResults.Ok(quality) : NoSuchCall();

    private static async Task<Results<NoContent, ProblemHttpResult>> Flag(
        Guid id, FlagRequest request, ClaimsPrincipal user, ICallHistory history, CancellationToken cancellationToken) =>
        await history.SetFlag(user.GetTenant(), user.GetExtension(), id, request.Flagged, cancellationToken) ? TypedResults.NoContent() : NoSuchCall();

    private static ProblemHttpResult NoSuchCall() => TypedResults.Problem("You have no such call.", statusCode: StatusCodes.Status404NotFound);
}
