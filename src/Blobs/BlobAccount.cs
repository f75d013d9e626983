using System.Diagnostics.CodeAnalysis;

namespace Telephony.Blobs;

/// <summary>
/// Where the service is and who we are there, from a connection string as Azure writes it: <c>AccountName</c>, <c>AccountKey</c> and <c>BlobEndpoint</c>, or
/// <c>DefaultEndpointsProtocol</c> and <c>EndpointSuffix</c> in place of the latter, or <c>UseDevelopmentStorage=true</c>.
/// </summary>
public sealed class BlobAccount
{
    // the emulator's account and key, public and the same everywhere
    private const string DevelopmentName = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private BlobAccount(string name, byte[] key, Uri endpoint)
    {
        Name = name;
        Key = key;
        Endpoint = endpoint;
    }

    public string Name { get; }

    /// <summary>Ends in a slash.</summary>
    public Uri Endpoint { get; }

    internal byte[] Key { get; }

    /// <param name="error">What is wrong and what is allowed; it never holds the key.</param>
    public static bool TryParse(string? connectionString, [NotNullWhen(true)] out BlobAccount? account, [NotNullWhen(false)] out string? error)
    {
        account = null;
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (connectionString ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                error = "must be key=value pairs with ';' between them";
                return false;
            }

            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        if (parts.TryGetValue("UseDevelopmentStorage", out var development) && development.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            account = new BlobAccount(DevelopmentName, Convert.FromBase64String(DevelopmentKey), new Uri("http://127.0.0.1:10000/" + DevelopmentName + "/"));
            error = null;
            return true;
        }

        if (!parts.TryGetValue("AccountName", out var name) || name.Length is 0 or > 63 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            error = "needs AccountName (letters, digits and hyphens)";
            return false;
        }

        var key = new byte[128];
        if (!parts.TryGetValue("AccountKey", out var text) || !Convert.TryFromBase64String(text, key, out var length) || length == 0)
        {
            error = "needs AccountKey (base64)";
            return false;
        }

        if (!parts.TryGetValue("BlobEndpoint", out var endpoint) && parts.TryGetValue("EndpointSuffix", out var suffix))
        {
            endpoint = $"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{name}.blob.{suffix}";
        }

        if (!Uri.TryCreate(endpoint?.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0)
        {
            error = "needs BlobEndpoint (an http or https address) or EndpointSuffix";
            return false;
        }

        account = new BlobAccount(name, key[..length], uri);
        error = null;
        return true;
    }
}
