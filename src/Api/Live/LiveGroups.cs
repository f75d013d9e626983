namespace Telephony.Api.Live;

/// <summary>Names of the hub's groups.</summary>
internal static class LiveGroups
{
    public static string Presence(string tenant) => $"presence {tenant}";

    public static string User(string tenant, string extension) => $"user {tenant} {extension}";
}
