using System.Globalization;

namespace Telephony.Testing.Phones;

/// <summary>
/// A phone played by sipp from a scenario file. In the file, <c>{name}</c> stands for a value that the test gives; <c>{username}</c>, <c>{domain}</c>, <c>{media}</c> and
/// <c>{authentication}</c> are the account's.
/// </summary>
public sealed class Sipp : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly ChildProcess _process;

    private Sipp(string folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Where the scenario files are.</summary>
    public static string Scenarios { get; } = Path.Combine(Repository.Root, "tests", "Integration.Tests", "scenarios");

    /// <param name="port">The phone's own port.</param>
    /// <param name="values">For the scenario's placeholders.</param>
    /// <param name="arguments">Further arguments of sipp, such as <c>-t t1</c> for TCP.</param>
    public static async Task<Sipp> Start(string scenario, SipAccount account, int port, IReadOnlyDictionary<string, string>? values = null, params string[] arguments)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("sipp-").FullName;
        var text = await File.ReadAllTextAsync(Path.Combine(Scenarios, scenario + ".xml"));
        string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
        var media = FreePorts.Range(4);
        var all = new Dictionary<string, string>(values ?? new Dictionary<string, string>())
        {
            ["media"] = Number(media),
            ["username"] = account.Username,
            ["domain"] = account.Domain,
            ["authentication"] = $"[authentication username={account.Username} password={account.Password}]",
        };
        foreach (var (name, value) in all) text = text.Replace("{" + name + "}", value, StringComparison.Ordinal);
        var file = Path.Combine(folder, scenario + ".xml");
        await File.WriteAllTextAsync(file, text);

        var process = await ChildProcess.Start("sipp",
        [
            "-sf", file, "-m", "1", "-nostdin", "-i", account.Host.Trim('[', ']'), "-p", Number(port), "-mi", "127.0.0.1", "-mp", Number(media), "-cp", Number(FreePorts.One()), "-ci", "127.0.0.1",
            "-timeout", Number((int)Limit.TotalSeconds), "-timeout_error", "-trace_err", "-error_file", Path.Combine(folder, "errors"),
            "-trace_msg", "-message_file", Path.Combine(folder, "messages"), .. arguments, account.Proxy,
        ], folder: folder);
        var phone = new Sipp(folder, process);
        await phone.Opens(port);
        return phone;
    }

    public static async Task Run(string scenario, SipAccount account, int port, IReadOnlyDictionary<string, string>? values = null, params string[] arguments)
    {
        await using var phone = await Start(scenario, account, port, values, arguments);
        await phone.Succeeds();
    }

    /// <summary>Waits until the phone has played its whole scenario.</summary>
    /// <exception cref="InvalidOperationException">Something else came than the scenario expects; the message has what was said.</exception>
    public async Task Succeeds()
    {
        var status = await _process.WaitForExit(Limit + TimeSpan.FromSeconds(10));
        if (status != 0) throw new InvalidOperationException($"sipp ended with {status}:\n{Read("errors")}\n{Read("messages")}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits until the phone listens: a connection that comes before would be refused, and the phone taken for one that is away.</summary>
    private Task Opens(int port) => Eventually.Is(() => _process.HasExited || FreePorts.IsOpen(port), Limit);

    private string Read(string file)
    {
        var path = Path.Combine(_folder, file);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
