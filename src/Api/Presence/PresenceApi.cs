using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Telephony.Api.Identity;
using Telephony.Grains.Directory;
using Telephony.Grains.Tenants;

namespace Telephony.Api.Presence;

internal static class PresenceApi
{
    public static void MapPresence(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/presence", Get).WithTags("Presence").RequireAuthorization(Policies.Tenant).WithSummary("Everybody's presence")
            .WithDescription("The tenant's people with their state at one version, which is the ETag. Changes come over the hub.")
            .Produces(StatusCodes.Status304NotModified);

    private static async Task<Results<Ok<PresenceSnapshot>, StatusCodeHttpResult>> Get(HttpContext context, ClaimsPrincipal user, IClusterClient grains)
    {
        var snapshot = await grains.GetGrain<IDirectoryGrain>(Keys.Directory(user.GetTenant())).GetPresence();
        var tag = new EntityTagHeaderValue($"\"{snapshot.Epoch}-{snapshot.Version}\"");
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        var known = context.Request.GetTypedHeaders().IfNoneMatch;
        return known.Any(other => other.Compare(tag, useStrongComparison: false)) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(snapshot);
    }
}
