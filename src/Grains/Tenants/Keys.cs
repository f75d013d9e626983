using Telephony.Grains.Calls;

namespace Telephony.Grains.Tenants;

/// <summary>
/// The one place where grain keys are made: from a tenant that the caller's claims, the matched domain or the trunk gave, never from what a client sent.
/// A tenant's id has no slash, so a key has one reading.
/// </summary>
public static class Keys
{
    public static string Directory(string tenant) => tenant;

    public static string Device(string tenant, string username) => $"{tenant}/{username}";

    public static string Extension(string tenant, string number) => $"{tenant}/{number}";

    public static string Call(string tenant, CallId call) => $"{tenant}/{call}";

    /// <summary>The tenant and the id that a key was made of.</summary>
    public static (string Tenant, string Id) Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (key, key) : (key[..slash], key[(slash + 1)..]);
    }
}
