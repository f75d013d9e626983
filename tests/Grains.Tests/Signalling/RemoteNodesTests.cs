using System.Diagnostics.Metrics;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Telephony.Grains.Signalling;
using Telephony.Media;
using Telephony.Media.Remote;
using Telephony.Testing;

namespace Telephony.Grains.Tests.Signalling;

/// <summary>Which of the media nodes that are processes of their own a call gets. They are at their sockets, though in this process.</summary>
[SupportedOSPlatform("linux")]
public sealed class RemoteNodesTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("telephony-").FullName;
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, (MediaNode Node, MediaNodeServer Server)> _running = [];
    private RemoteNodes _nodes = null!;

    public async Task InitializeAsync()
    {
        await Start("a");
        await Start("b");
        var options = Options.Create(new MediaOptions { Nodes = $"a={Socket("a")},b={Socket("b")}" });
        _nodes = new RemoteNodes(options, TimeProvider.System, NullLoggerFactory.Instance, _metrics.GetRequiredService<IMeterFactory>());
        await _nodes.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _nodes.DisposeAsync();
        foreach (var id in _running.Keys.ToArray()) await Stop(id);
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Calls_are_spread_over_the_nodes()
    {
        var chosen = Enumerable.Range(0, 20).Select(_ => _nodes.Choose().Id).CountBy(id => id).ToDictionary();

        Assert.Equal(["a", "b"], chosen.Keys.Order());
        Assert.All(chosen.Values, count => Assert.InRange(count, 8, 12)); // a node may say meanwhile how it is
    }

    [Fact]
    public async Task A_node_that_ends_is_told_of_and_left_out_until_it_is_back()
    {
        var lost = new TaskCompletionSource<LostMediaNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _nodes.Lost += lost.SetResult;
        var boot = _running["a"].Node.Boot;

        await Stop("a");

        Assert.Equal(new LostMediaNode("a", boot), await lost.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal("b", _nodes.Choose().Id));
        Assert.Equal("a", _nodes.Get("a").Id); // a call's node is its node

        await Start("a");
        await Eventually.Is(() => _nodes.Choose().Id == "a");
    }

    [Fact]
    public async Task A_node_that_is_not_in_use_any_more_gives_one_that_knows_none_of_its_legs()
    {
        var node = _nodes.Get("of an earlier start");

        Assert.Equal(MediaError.UnknownLeg, await node.Adopt("leg", new MediaOwner("silo", 1, "call")));
    }

    [Fact]
    public async Task When_all_are_away_a_command_says_so()
    {
        await Stop("a");
        await Stop("b");

        await Eventually.Is(async () => await _nodes.Choose().CreateLeg("leg", new MediaOwner("silo", 1, "call"), MediaProfile.Phone) is MediaError.NodeAway);
    }

    private async Task Start(string id)
    {
        var port = FreePorts.Range(100);
        var node = new MediaNode(new MediaOptions { Id = id, PortRange = $"{port}-{port + 99}", Threads = 1 }, TimeProvider.System, NullLogger<MediaNode>.Instance);
        var server = new MediaNodeServer(node, node.Boot, Socket(id), TimeProvider.System, NullLogger<MediaNodeServer>.Instance);
        await server.StartAsync(default);
        _running[id] = (node, server);
    }

    private async Task Stop(string id)
    {
        if (!_running.Remove(id, out var running)) return;
        await running.Server.StopAsync(default);
        running.Server.Dispose();
        await running.Node.DisposeAsync();
    }

    private string Socket(string id) => Path.Combine(_folder, id);
}
