using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Testing;

namespace Telephony.Media.Remote;

/// <summary>The program <c>telephony-media</c>, as a process of its own.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MediaProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly string Program = Path.Combine(
        [Repository.Root, "src", "MediaNode", "bin", .. AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..], "telephony-media"]);

    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-").FullName;
    private readonly Dictionary<string, string?> _settings;
    private readonly List<RemoteMediaNode> _drivers = [];
    private ChildProcess? _process;

    private MediaProcess()
    {
        var port = FreePorts.Range(20);
        _settings = new() { ["Telephony__Data"] = _folder, ["Telephony__Media__Id"] = "m1", ["Telephony__Media__PortRange"] = $"{port}-{port + 19}" };
    }

    public static async Task<MediaProcess> StartNew()
    {
        var process = new MediaProcess();
        await process.Start();
        return process;
    }

    public async Task Start()
    {
        _process = await ChildProcess.Start(Program, [], _settings);
        await _process.WaitForLine(line => line.StartsWith("Media node m1 is ready: ", StringComparison.Ordinal), Limit);
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task Kill()
    {
        _process!.Send(Signal.Kill);
        await _process.WaitForExit(Limit);
        await _process.DisposeAsync();
    }

    /// <summary>One who drives it, as a silo does.</summary>
    public async Task<RemoteMediaNode> Drive()
    {
        var node = new RemoteMediaNode("m1", Path.Combine(_folder, "media-m1.sock"), TimeProvider.System, NullLogger<RemoteMediaNode>.Instance);
        _drivers.Add(node);
        Assert.True(await node.Start(Limit));
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var driver in _drivers) await driver.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
