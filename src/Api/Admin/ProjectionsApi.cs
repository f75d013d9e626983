using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Telephony.Api.Identity;
using Telephony.Events;

namespace Telephony.Api.Admin;

/// <param name="Events">How many events the rows were made of.</param>
public sealed record RebuildAnswer(long Events);

internal static class ProjectionsApi
{
    public static void MapProjections(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/admin/projections/{name}/rebuild", Rebuild).WithTags("Administration").RequireAuthorization(Policies.PlatformAdministrator)
            .WithSummary("Make a projection's rows again").WithDescription("From all events, beside the rows that are there, which are read until the new ones take their place. Answers when it is done.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RebuildAnswer>, ProblemHttpResult>> Rebuild(string name, ProjectionRunner projections, CancellationToken cancellationToken)
    {
        if (!projections.Names.Contains(name))
        {
            return TypedResults.Problem($"There is no such projection; there are: {string.Join(", ", projections.Names.Order())}.", statusCode: StatusCodes.Status404NotFound);
        }

        try
        {
            return TypedResults.Ok(new RebuildAnswer(await projections.Rebuild(name, cancellationToken) ?? 0));
        }
        catch (InvalidOperationException) when (!cancellationToken.IsCancellationRequested)
        {
            return TypedResults.Problem("It is being rebuilt already.", statusCode: StatusCodes.Status409Conflict);
        }
    }
}
