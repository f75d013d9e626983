using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Telephony.Api.Identity;
using Telephony.Configuration;

namespace Telephony.Api.Admin;

/// <param name="Domain">Its main SIP domain, a DNS name.</param>
/// <param name="Name">What people call it; left out: like the domain.</param>
public sealed record AddTenantRequest(string Domain, string? Name);

/// <param name="Id">Opaque; never changes.</param>
/// <param name="Domain">Its main domain.</param>
public sealed record TenantAnswer(string Id, string Name, string Domain)
{
    internal static TenantAnswer Of(TenantRecord tenant) => new(tenant.Id, tenant.Name, tenant.Domains[0]);
}

internal static class TenantsApi
{
    public static void MapTenants(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/admin/tenants").WithTags("Administration");
        group.MapPost("", Add).RequireAuthorization(Policies.PlatformAdministrator).WithSummary("Add a tenant")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("", List).RequireAuthorization(Policies.Administrator).WithSummary("Tenants").WithDescription("All of them for a platform administrator, else the caller's own.");
    }

    private static async Task<Results<Created<TenantAnswer>, ProblemHttpResult>> Add(
        AddTenantRequest request, ClaimsPrincipal user, ConfigurationWriter writer, CancellationToken cancellationToken)
    {
        var (tenant, error, isTaken) = await writer.AddTenant(request.Domain ?? "", request.Name, user.Actor(), cancellationToken);
        return tenant is null
            ? TypedResults.Problem(error, statusCode: isTaken ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest)
            : TypedResults.Created($"/api/v1/admin/tenants/{tenant.Domains[0]}", TenantAnswer.Of(tenant));
    }

    private static async Task<Ok<IEnumerable<TenantAnswer>>> List(ClaimsPrincipal user, ConfigurationReader reader) =>
        TypedResults.Ok((await reader.ListTenants()).Where(tenant => user.Administers(tenant.Id)).Select(TenantAnswer.Of));
}
