using System.Security.Claims;
using Telephony.Configuration;

namespace Telephony.Api.Identity;

/// <summary>What is known of a caller. The tenant is always this one, never what a request says.</summary>
internal static class TelephonyClaims
{
    public const string Tenant = "tenant";
    public const string Extension = "extension";
    public const string Stamp = "stamp";

    /// <exception cref="InvalidOperationException">The endpoint lacks the policy that requires the claim.</exception>
    public static string GetTenant(this ClaimsPrincipal user) => user.FindFirstValue(Tenant) ?? throw new InvalidOperationException("No tenant claim.");

    /// <exception cref="InvalidOperationException">The endpoint lacks the policy that requires the claim.</exception>
    public static string GetExtension(this ClaimsPrincipal user) => user.FindFirstValue(Extension) ?? throw new InvalidOperationException("No extension claim.");

    /// <summary>Names the user or the API key, and nobody else.</summary>
    public static string GetId(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("No name identifier.");

    public static bool IsPlatformAdministrator(this ClaimsPrincipal user) => user.IsInRole(Roles.PlatformAdministrator);

    /// <summary>May the caller change or read all of this tenant?</summary>
    public static bool Administers(this ClaimsPrincipal user, string tenant) =>
        user.IsPlatformAdministrator() || (user.IsInRole(Roles.TenantAdministrator) && user.FindFirstValue(Tenant) == tenant);

    /// <summary>Who it is, for the audit log.</summary>
    public static string Actor(this ClaimsPrincipal user) => user.Identity?.Name ?? "?";

    public static ClaimsPrincipal Of(UserRecord user, string login) => Create(
        Schemes.Cookie, login, user.Roles,
        [new(ClaimTypes.NameIdentifier, user.Id.ToString()), new(Tenant, user.Tenant), new(Extension, user.Extension), new(Stamp, user.SecurityStamp)]);

    public static ClaimsPrincipal Of(ApiKeyRecord key) => Create(
        Schemes.ApiKey, $"key {key.Prefix}", key.Roles,
        key.Tenant is null ? [new(ClaimTypes.NameIdentifier, key.Prefix)] : [new(ClaimTypes.NameIdentifier, key.Prefix), new(Tenant, key.Tenant)]);

    private static ClaimsPrincipal Create(string scheme, string name, IEnumerable<string> roles, IEnumerable<Claim> claims) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, name), .. claims, .. roles.Select(role => new Claim(ClaimTypes.Role, role))], scheme));
}
