using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Telephony.Configuration;

/// <summary>What a first start finds: a tenant to try things with, and the key of the command line tool.</summary>
public sealed class DemoTenant(ConfigurationReader reader, ConfigurationWriter writer, ApiKeys keys, IOptions<DataOptions> options, ILogger<DemoTenant> log)
{
    public const string Domain = "demo.localhost";
    private const string Actor = "first start";

    private static readonly (string Name, string Department)[] People =
    [
        ("Amara Okafor", "Management"), ("Lucas Peeters", "Sales"), ("Mei-Ling Chen", "Sales"), ("Sofía Hernández", "Sales"), ("Yusuf Demir", "Support"),
        ("Priya Raman", "Support"), ("Élodie Marchand", "Support"), ("Kwame Mensah", "Engineering"), ("Ingrid Solberg", "Engineering"), ("Tomasz Wiśniewski", "Finance"),
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>
    /// Makes the tenant <c>demo.localhost</c> with extensions 100 to 109 if there is no tenant, and the platform's API key if its file is missing or its key
    /// unknown. Files in the data folder, mode 600: <c>demo-credentials.json</c>, <c>api-key</c>.
    /// </summary>
    public async Task<FirstStart> EnsureAsync(CancellationToken cancellationToken = default)
    {
        var folder = Path.GetFullPath(options.Value.Data);
        PrivateFile.CreateFolder(folder);
        var keyPath = Path.Combine(folder, "api-key");
        if (!File.Exists(keyPath) || await keys.Verify((await File.ReadAllTextAsync(keyPath, cancellationToken)).Trim(), cancellationToken) is null)
        {
            var key = await keys.Issue(null, "first start", [Roles.PlatformAdministrator], Actor, cancellationToken);
            PrivateFile.Write(keyPath, Encoding.ASCII.GetBytes(key + "\n"));
        }

        var path = Path.Combine(folder, "demo-credentials.json");
        var tenant = await reader.FindTenant(Domain);
        if (tenant is null && (await reader.ListTenants()).Count > 0) return new FirstStart(null, path, keyPath);
        if (tenant is not null && (await reader.ListExtensions(tenant)).Count > 0) return new FirstStart(null, path, keyPath);

        var credentials = new DemoCredentials(Domain, [.. People.Select((person, i) => Credentials(100 + i, person.Name))]);
        PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(credentials, Json)); // before the tenant: a start that is cut short is made again
        tenant ??= (await writer.AddTenant(Domain, "Demo", Actor, cancellationToken)).Tenant?.Id ?? throw new InvalidOperationException($"{Domain} is taken.");
        await using var csv = new MemoryStream(Encoding.UTF8.GetBytes(Csv(credentials)));
        var result = await writer.ImportExtensions(tenant, csv, Actor, cancellationToken: cancellationToken);
        if (!result.Succeeded) throw new InvalidOperationException($"The demo tenant could not be made: {string.Join(" ", result.Errors.SelectMany(error => error.Value))}");
        Log.DemoCreated(log, path);
        return new FirstStart(credentials, path, keyPath);
    }

    private static DemoExtension Credentials(int number, string name)
    {
        var extension = number.ToString(CultureInfo.InvariantCulture);
        return new DemoExtension(extension, $"{extension}@{Domain}", RandomText.WebPassword(), RandomText.SipPassword(), name);
    }

    private static string Csv(DemoCredentials credentials)
    {
        var csv = new StringBuilder(Import.ExtensionFile.Header).Append('\n');
        foreach (var (person, extension) in People.Zip(credentials.Extensions))
        {
            csv.Append(CultureInfo.InvariantCulture, $"{extension.Extension},{person.Name},{person.Department},{extension.Extension}@{Domain},{extension.SipPassword},{extension.WebPassword},");
            csv.Append(extension.Extension == "100" ? Roles.TenantAdministrator : Roles.User).Append('\n');
        }

        return csv.ToString();
    }
}

/// <param name="Created">The demo tenant's passwords, when it was made just now; else null.</param>
public sealed record FirstStart(DemoCredentials? Created, string CredentialsPath, string ApiKeyPath);

/// <summary>The content of <c>demo-credentials.json</c>.</summary>
public sealed record DemoCredentials(string Domain, IReadOnlyList<DemoExtension> Extensions);

public sealed record DemoExtension(string Extension, string Login, string WebPassword, string SipPassword, string DisplayName);
