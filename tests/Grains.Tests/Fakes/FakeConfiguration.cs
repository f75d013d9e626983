using System.Security.Cryptography;
using System.Text;
using Telephony.Configuration;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>Two tenants that both have extensions 100 to 102; everybody's SIP password is <c>secret</c>.</summary>
internal sealed class FakeConfiguration : IConfigurationReader
{
    public const string Tenant = "tacme";
    public const string Domain = "acme.test";
    public const string OtherTenant = "tother";
    public const string OtherDomain = "other.test";

    public event Action<ConfigurationChanged>? Changed;

    public Dictionary<string, IReadOnlyList<string>> Devices { get; } = new()
    {
        ["100"] = ["100"],
        ["101"] = ["101", "101-home"],
        ["102"] = ["102"],
    };

    /// <summary>Devices that are challenged otherwise than with MD5.</summary>
    public Dictionary<string, DigestPolicy> Digests { get; } = [];

    /// <summary>Devices whose sound is encrypted otherwise than they wish.</summary>
    public Dictionary<string, MediaSecurityPolicy> MediaSecurity { get; } = [];

    public ValueTask<string?> FindTenant(string domain) => new(domain switch { Domain => Tenant, OtherDomain => OtherTenant, _ => null });

    public ValueTask<TenantRecord?> GetTenant(string tenant) => new(new TenantRecord(tenant, tenant, [tenant == Tenant ? Domain : OtherDomain]));

    public ValueTask<DeviceRecord?> FindDevice(string tenant, string username) => new(
        Devices.FirstOrDefault(extension => extension.Value.Contains(username)) is { Key: { } number }
            ? new DeviceRecord(tenant, username, number, Digests.GetValueOrDefault(username), Ha1(tenant, username), Ha1Sha256(tenant, username)) { MediaSecurity = MediaSecurity.GetValueOrDefault(username, MediaSecurityPolicy.Optional) }
            : null);

    public ValueTask<ExtensionRecord?> FindExtension(string tenant, string number) => new(
        Devices.TryGetValue(number, out var devices) ? new ExtensionRecord(tenant, number, $"Person {number}", "Sales", null, devices) : null);

    public async Task<IReadOnlyList<ExtensionRecord>> ListExtensions(string tenant)
    {
        var all = new List<ExtensionRecord>();
        foreach (var number in Devices.Keys.Order()) all.Add((await FindExtension(tenant, number))!);
        return all;
    }

    public void Raise(string tenant) => Changed?.Invoke(new ConfigurationChanged(tenant));

    private static string Ha1(string tenant, string username) => Convert.ToHexStringLower(MD5.HashData(Secret(tenant, username)));

    private static string Ha1Sha256(string tenant, string username) => Convert.ToHexStringLower(SHA256.HashData(Secret(tenant, username)));

    private static byte[] Secret(string tenant, string username) => Encoding.UTF8.GetBytes($"{username}:{(tenant == Tenant ? Domain : OtherDomain)}:secret");
}
