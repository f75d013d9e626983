namespace Telephony.Testing;

/// <summary>The program <c>telephony-media</c>, run from its build output, with ports and a folder of its own.</summary>
public sealed class MediaNodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string Program = Path.Combine(
        [Repository.Root, "src", "MediaNode", "bin", .. AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..], "telephony-media"]);

    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-").FullName;
    private readonly Dictionary<string, string?> _settings;
    private ChildProcess? _process;

    private MediaNodeProcess(string id, IReadOnlyDictionary<string, string?>? settings)
    {
        var port = FreePorts.Range(100);
        (Id, PortRange) = (id, $"{port}-{port + 99}");
        _settings = new() { ["Telephony__Data"] = _folder, ["Telephony__Media__Id"] = id, ["Telephony__Media__PortRange"] = PortRange };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) _settings[name] = value;
    }

    public string Id { get; }

    public string PortRange { get; }

    public string Socket => Path.Combine(_folder, $"media-{Id}.sock");

    /// <summary>For a server that drives it: its calls have their media there.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Telephony__Media__Nodes"] = $"{Id}={Socket}", ["Telephony__Media__PortRange"] = PortRange };

    /// <param name="settings">More of its settings, such as where it stores recordings.</param>
    public static async Task<MediaNodeProcess> Start(string id, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var node = new MediaNodeProcess(id, settings);
        await node.Start();
        return node;
    }

    /// <summary>Starts it, also again after <see cref="Kill"/>, and waits until it is ready.</summary>
    public async Task Start()
    {
        _process = await ChildProcess.Start(Program, [], _settings);
        await _process.WaitForLine(line => line.StartsWith($"Media node {Id} is ready: ", StringComparison.Ordinal), Limit);
    }

    public void Send(Signal signal) => _process?.Send(signal);

    /// <summary><c>kill -9</c>.</summary>
    public async Task Kill()
    {
        if (_process is not { } process) return;
        process.Send(Signal.Kill);
        await process.WaitForExit(Limit);
        await process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
