using System.Globalization;

namespace Telephony.Testing;

/// <summary>
/// Debian's Kamailio on free ports of loopback (UDP and TCP on one), with a configuration from <see cref="Configurations"/>. In the file, <c>{name}</c> stands for a value that the
/// test gives, <c>{port}</c> for its own.
/// </summary>
public sealed class Kamailio : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ChildProcess _process;

    private Kamailio(string folder, ChildProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    /// <summary>Where the configurations are.</summary>
    public static string Configurations { get; } = Path.Combine(Repository.Root, "tests", "Integration.Tests", "kamailio");

    public int Port { get; }

    /// <param name="port">Null: a free one.</param>
    public static async Task<Kamailio> Start(string configuration, IReadOnlyDictionary<string, string> values, int? port = null)
    {
        var folder = Directory.CreateTempSubdirectory("kamailio-").FullName;
        var own = port ?? FreePorts.One();
        var text = await File.ReadAllTextAsync(Path.Combine(Configurations, configuration + ".cfg"));
        text = text.Replace("{common}", await File.ReadAllTextAsync(Path.Combine(Configurations, "common.cfg")), StringComparison.Ordinal);
        var all = new Dictionary<string, string>(values) { ["modules"] = Directory.GetDirectories("/usr/lib", "*-linux-gnu*").Select(path => Path.Combine(path, "kamailio", "modules")).First(Directory.Exists) };
        foreach (var (name, value) in all) text = text.Replace("{" + name + "}", value, StringComparison.Ordinal);
        var file = Path.Combine(folder, "kamailio.cfg");
        await File.WriteAllTextAsync(file, text.Replace("{port}", own.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        // its main process ends the others, so it must be told to stop, not be killed
        var process = await ChildProcess.Start(
            "/usr/sbin/kamailio", ["-DD", "-E", "-f", file, "-m", "32", "-M", "8", "-Y", folder, "-w", folder], whenOrphaned: Signal.Terminate);
        var kamailio = new Kamailio(folder, process, own);
        try
        {
            await process.WaitForLine(line => line.Contains("kamailio is ready", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
            return kamailio;
        }
        catch
        {
            await kamailio.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
