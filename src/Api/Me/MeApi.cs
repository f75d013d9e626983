using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Telephony.Api.Admin;
using Telephony.Api.Identity;
using Telephony.Configuration;
using Telephony.Grains.Devices;
using Telephony.Grains.Tenants;

namespace Telephony.Api.Me;

/// <param name="Roles">Such as <c>user</c> or <c>tenant_administrator</c>.</param>
/// <param name="Phones">DEV-28 "Active Phones", DEV-29: one entry a binding, and one for each device that has none.</param>
public sealed record MeAnswer(
    string Login, string Extension, string DisplayName, string? Department, string? Email, IReadOnlyList<string> Roles, TenantAnswer Tenant,
    IReadOnlyList<PhoneAnswer> Phones, DateTimeOffset ServerTime);

/// <param name="Device">The SIP username.</param>
public sealed record PhoneAnswer(string Device, bool Online, string? UserAgent, DateTimeOffset? RegisteredAt, DateTimeOffset? ExpiresAt);

internal static class MeApi
{
    public static void MapMe(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/me", Get).WithTags("Session").RequireAuthorization(Policies.Person).WithSummary("Who the caller is, and their phones");

    private static async Task<Results<Ok<MeAnswer>, ProblemHttpResult>> Get(
        ClaimsPrincipal user, IConfigurationReader configuration, IClusterClient grains, TimeProvider clock)
    {
        var tenant = await configuration.GetTenant(user.GetTenant());
        var extension = await configuration.FindExtension(user.GetTenant(), user.GetExtension());
        if (tenant is null || extension is null) return TypedResults.Problem("Your extension is gone.", statusCode: StatusCodes.Status403Forbidden);

        var phones = await Task.WhenAll(extension.Devices.Select(device => Phones(grains, tenant.Id, device)));
        return TypedResults.Ok(new MeAnswer(
            $"{extension.Number}@{tenant.Domains[0]}", extension.Number, extension.DisplayName, extension.Department, extension.Email,
            [.. user.FindAll(ClaimTypes.Role).Select(role => role.Value)], TenantAnswer.Of(tenant), [.. phones.SelectMany(bindings => bindings)], clock.GetUtcNow()));
    }

    private static async Task<IEnumerable<PhoneAnswer>> Phones(IClusterClient grains, string tenant, string device)
    {
        var bindings = await grains.GetGrain<IDeviceGrain>(Keys.Device(tenant, device)).GetBindings();
        return bindings.IsDefaultOrEmpty
            ? [new PhoneAnswer(device, false, null, null, null)]
            : bindings.Select(binding => new PhoneAnswer(device, true, binding.UserAgent, null, binding.ExpiresAt));
    }
}
