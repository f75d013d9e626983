using Microsoft.AspNetCore.Authorization;
using Telephony.Configuration;

namespace Telephony.Api.Identity;

internal static class Policies
{
    /// <summary>Somebody of a tenant: a person, or a program with a tenant's key.</summary>
    public const string Tenant = "tenant";

    /// <summary>A person, who has an extension.</summary>
    public const string Person = "person";

    /// <summary>Administers a tenant or the platform. Which tenant is checked against the claims by whoever gets one by name.</summary>
    public const string Administrator = "administrator";

    public const string PlatformAdministrator = "platform_administrator";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Tenant, policy => policy.RequireClaim(TelephonyClaims.Tenant));
        options.AddPolicy(Person, policy => policy.RequireClaim(TelephonyClaims.Tenant).RequireClaim(TelephonyClaims.Extension));
        options.AddPolicy(Administrator, policy => policy.RequireRole(Roles.TenantAdministrator, Roles.PlatformAdministrator));
        options.AddPolicy(PlatformAdministrator, policy => policy.RequireRole(Roles.PlatformAdministrator));
        options.FallbackPolicy = null;
    }
}
