using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Telephony.Api.Identity;
using Telephony.Events;
using Telephony.Grains.Calls;

namespace Telephony.Api.Events;

/// <summary>The durable feed: every event with its global number, streamed from the store as fast as the reader takes it.</summary>
internal static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/events", Get).WithTags("Events").RequireAuthorization(Policies.Administrator).WithSummary("The event feed")
            .Produces<string>(StatusCodes.Status200OK, EventFeed.ContentType).ProducesProblem(StatusCodes.Status400BadRequest)
            .WithDescription(
                "NDJSON, one event a line: `{\"number\",\"tenant\",\"stream\",\"version\",\"type\",\"at\",\"data\"}`, in number order, up to what is committed while reading. "
                + "A platform administrator reads all tenants, a tenant's administrator the own one. `from`: a number, a day (2026-11-01) or a moment (2026-11-01T08:00:00Z). "
                + "`to`: a day, to its end, or a moment, without it. Days are UTC. `call`: only this call.");

    private static async Task<IResult> Get(HttpContext context, ClaimsPrincipal user, IEventStore store, string? from = null, string? to = null, string? call = null)
    {
        var query = new EventQuery(Tenant: user.IsPlatformAdministrator() ? null : user.GetTenant());
        if (!string.IsNullOrEmpty(from))
        {
            if (FeedPosition.TryNumber(from, out var number)) query = query with { FromNumber = number };
            else if (FeedPosition.TryMoment(from, out var moment, out _)) query = query with { From = moment };
            else return Bad($"from must be a number, a day such as 2026-11-01, or a moment such as 2026-11-01T08:00:00Z.");
        }

        if (!string.IsNullOrEmpty(to))
        {
            if (!FeedPosition.TryMoment(to, out var moment, out var isDay)) return Bad("to must be a day such as 2026-11-30, or a moment such as 2026-11-30T18:00:00Z.");
            query = query with { To = isDay && moment < FeedPosition.LastDay ? moment.AddDays(1) : moment };
        }

        if (!string.IsNullOrEmpty(call))
        {
            if (!Guid.TryParse(call, out var id)) return Bad("call must be the id of a call.");
            query = query with { Stream = new CallId(id).Stream };
        }

        context.Response.ContentType = EventFeed.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await EventFeed.WriteNdjson(store, query, context.Response.BodyWriter, context.RequestAborted);
        return TypedResults.Empty;

        static IResult Bad(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
    }
}
