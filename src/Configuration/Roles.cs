using System.Collections.Frozen;

namespace Telephony.Configuration;

/// <summary>What somebody may do. Each role stands for itself; a policy lists the roles that it admits.</summary>
public static class Roles
{
    public const string PlatformAdministrator = "platform_administrator";
    public const string TenantAdministrator = "tenant_administrator";
    public const string Supervisor = "supervisor";
    public const string Agent = "agent";
    public const string User = "user";

    public static FrozenSet<string> All { get; } = FrozenSet.Create(StringComparer.Ordinal, PlatformAdministrator, TenantAdministrator, Supervisor, Agent, User);

    /// <summary>The roles that exist within a tenant: all but the platform's administrator.</summary>
    public static FrozenSet<string> OfTenant { get; } = All.Where(role => role != PlatformAdministrator).ToFrozenSet(StringComparer.Ordinal);
}
