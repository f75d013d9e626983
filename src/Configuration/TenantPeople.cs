using System.Collections.Frozen;

namespace Telephony.Configuration;

/// <summary>All people and devices of one tenant, as read in one go.</summary>
internal sealed record TenantPeople(
    IReadOnlyList<ExtensionRecord> Extensions, FrozenDictionary<string, ExtensionRecord> ByNumber, FrozenDictionary<string, DeviceRecord> Devices,
    FrozenDictionary<string, UserRecord> Users)
{
    public int Size => Extensions.Count + Devices.Count;
}

/// <summary>Somebody who may sign in to the web client.</summary>
/// <param name="SecurityStamp">Changes with the password and the roles: a sign-in under another stamp is over.</param>
public sealed record UserRecord(Guid Id, string Tenant, string Extension, IReadOnlyList<string> Roles, string SecurityStamp, bool HasPassword);
