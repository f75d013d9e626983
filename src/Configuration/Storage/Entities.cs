using Microsoft.AspNetCore.Identity;

namespace Telephony.Configuration.Storage;

// Rows of the schema "config". See Sql/.

internal sealed class TenantRow
{
    public required string Id { get; init; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class DomainRow
{
    public required string Name { get; init; }
    public required string Tenant { get; init; }
    public required bool IsMain { get; set; }
}

internal sealed class ExtensionRow
{
    public required string Tenant { get; init; }
    public required string Number { get; init; }
    public required string DisplayName { get; set; }
    public string? Department { get; set; }
    public string? Email { get; set; }
}

internal sealed class DeviceRow
{
    public required string Tenant { get; init; }
    public required string Username { get; init; }
    public required string Extension { get; set; }
    public required DigestPolicy Digest { get; set; }
    public required string Ha1Md5 { get; set; }
    public required string Ha1Sha256 { get; set; }
    public required byte[] SipPassword { get; set; }
    public required MediaSecurityPolicy MediaSecurity { get; set; }
}

internal sealed class UserRow : IdentityUser<Guid>
{
    public required string Tenant { get; init; }
    public required string Extension { get; init; }
    public required string[] Roles { get; set; }
}

internal sealed class ApiKeyRow
{
    public required string Prefix { get; init; }
    public required byte[] Hash { get; init; }
    public required string Name { get; init; }
    public string? Tenant { get; init; }
    public required string[] Roles { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class AuditRow
{
    public long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public string? Tenant { get; init; }
    public required string Action { get; init; }
    public required string Target { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }
}
