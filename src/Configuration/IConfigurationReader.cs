namespace Telephony.Configuration;

/// <summary>What calls and registrations ask of the configuration: answered from memory once read, and current again within a second of a change.</summary>
public interface IConfigurationReader
{
    /// <summary>The tenant that a SIP domain belongs to, or null. Case does not matter.</summary>
    ValueTask<string?> FindTenant(string domain);

    /// <summary>Null for an unknown tenant.</summary>
    ValueTask<TenantRecord?> GetTenant(string tenant);

    ValueTask<DeviceRecord?> FindDevice(string tenant, string username);

    ValueTask<ExtensionRecord?> FindExtension(string tenant, string number);

    /// <summary>All extensions of a tenant with their devices, by number.</summary>
    Task<IReadOnlyList<ExtensionRecord>> ListExtensions(string tenant);

    /// <summary>Raised after a change was committed, by whichever silo; handlers must not block.</summary>
    event Action<ConfigurationChanged>? Changed;
}

/// <param name="Tenant">The tenant whose configuration changed.</param>
public sealed record ConfigurationChanged(string Tenant);

/// <param name="Domains">Its SIP domains, the main one first.</param>
public sealed record TenantRecord(string Id, string Name, IReadOnlyList<string> Domains);

/// <param name="Devices">SIP usernames of the extension's devices.</param>
public sealed record ExtensionRecord(
    string Tenant, string Number, string DisplayName, string? Department, string? Email, IReadOnlyList<string> Devices);

/// <summary>Which digests a device is challenged with (RFC 8760): MD5 alone unless it is set otherwise.</summary>
public enum DigestPolicy { Md5, Sha256, Both }

/// <param name="Ha1Md5">MD5(username:realm:password) in lower-case hex; the realm is the tenant's main domain.</param>
/// <param name="Ha1Sha256">The same with SHA-256.</param>
public sealed record DeviceRecord(
    string Tenant, string Username, string Extension, DigestPolicy Digest, string Ha1Md5, string Ha1Sha256)
{
    public MediaSecurityPolicy MediaSecurity { get; init; } = MediaSecurityPolicy.Optional;
}
