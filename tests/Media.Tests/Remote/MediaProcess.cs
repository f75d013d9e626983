using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Telephony.Testing;

namespace Telephony.Media.Remote;

/// <summary>A media node that is a process of its own, and who drives it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MediaProcess : IAsyncDisposable
{
    private readonly List<RemoteMediaNode> _drivers = [];
    private readonly MediaNodeProcess _process;

    private MediaProcess(MediaNodeProcess process) => _process = process;

    public static async Task<MediaProcess> StartNew(IReadOnlyDictionary<string, string?>? settings = null) => new(await MediaNodeProcess.Start("m1", settings));

    public Task Start() => _process.Start();

    public void Send(Signal signal) => _process.Send(signal);

    public Task Kill() => _process.Kill();

    /// <summary>One who drives it, as a silo does.</summary>
    public async Task<RemoteMediaNode> Drive()
    {
        var node = new RemoteMediaNode("m1", _process.Socket, TimeProvider.System, NullLogger<RemoteMediaNode>.Instance);
        _drivers.Add(node);
        Assert.True(await node.Start(TimeSpan.FromSeconds(30)));
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var driver in _drivers) await driver.DisposeAsync();
        await _process.DisposeAsync();
    }
}
