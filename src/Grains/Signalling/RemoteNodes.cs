using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telephony.Media;
using Telephony.Media.Remote;

namespace Telephony.Grains.Signalling;

/// <summary>The media nodes that run as processes of their own: those of <see cref="MediaOptions.Nodes"/>.</summary>
internal sealed class RemoteNodes : IMediaNodes, IHostedService, IAsyncDisposable
{
    /// <summary>At start, how long nodes are waited for; and how long a call whose node is lost waits for one that it can go to.</summary>
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(10), SuccessorWithin = TimeSpan.FromSeconds(5), LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly ImmutableArray<NodeLoad> _nodes;
    private readonly TimeProvider _time;
    private readonly ILogger<RemoteNodes> _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Meter _meter;
    private bool _isDisposed;

    public RemoteNodes(IOptions<MediaOptions> options, TimeProvider time, ILoggerFactory logs, IMeterFactory meters)
    {
        (_time, _log) = (time, logs.CreateLogger<RemoteNodes>());
        if (!MediaNodeAddress.TryParse(options.Value.Nodes, out var addresses)) throw new ArgumentException("The list of nodes can't be read.", nameof(options));
        _nodes = [.. addresses.Select(a => new NodeLoad(new RemoteMediaNode(a.Id, a.Path, time, logs.CreateLogger<RemoteMediaNode>())))];
        All = [.. _nodes.Select(n => n.Node)];
        foreach (var node in _nodes) node.Node.Lost += boot => _ = Tell(new LostMediaNode(node.Node.Id, boot));
        _meter = meters.Create("Telephony.Media");
        _meter.CreateObservableGauge("telephony.media.legs", () => Measure(s => s.Legs), description: "Legs that exist");
        _meter.CreateObservableGauge("telephony.media.ports.free", () => Measure(s => s.FreePorts), description: "Port pairs that no leg uses");
        _meter.CreateObservableGauge("telephony.media.ports.total", () => Measure(s => s.Ports), description: "Port pairs of the range");
        _meter.CreateObservableCounter("telephony.media.packets", () => Measure(s => s.PacketsReceived), description: "RTP and RTCP packets that came");
        _meter.CreateObservableCounter("telephony.media.dropped", () => Measure(s => s.PacketsDropped), description: "Datagrams that came to nothing");
    }

    public event Action<LostMediaNode>? Lost;

    public ImmutableArray<IMediaNode> All { get; }

    public IMediaNode Get(string id) => All.FirstOrDefault(node => node.Id == id) ?? Choose();

    public IMediaNode Choose()
    {
        var chosen = _nodes.Where(n => n.Node.State is not null).MinBy(n => n.Used) ?? _nodes[0];
        chosen.Choose();
        return chosen.Node;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var here = await Task.WhenAll(_nodes.Select(n => n.Node.Start(StartWithin))).WaitAsync(cancellationToken);
        foreach (var (node, _) in _nodes.Zip(here).Where(n => !n.Second)) Log.MediaNodeMissing(_log, node.Node.Id, StartWithin);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return; // it is known by several names
        await _ending.CancelAsync();
        foreach (var node in _nodes) await node.Node.DisposeAsync();
        _meter.Dispose();
        _ending.Dispose();
    }

    /// <summary>Once its calls have somewhere to go, or after a while.</summary>
    private async Task Tell(LostMediaNode lost)
    {
        var ending = _ending.Token;
        var since = _time.GetTimestamp();
        while (_nodes.All(n => n.Node.State is null) && _time.GetElapsedTime(since) < SuccessorWithin && !ending.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, _time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!ending.IsCancellationRequested) Lost?.Invoke(lost);
    }

    private IEnumerable<Measurement<long>> Measure(Func<MediaNodeState, long> value) =>
        from node in _nodes
        let state = node.Node.State
        where state is not null
        select new Measurement<long>(value(state), new KeyValuePair<string, object?>("node", node.Node.Id));

    /// <summary>How full a node is: as it said, and the calls that were given to it since.</summary>
    private sealed class NodeLoad(RemoteMediaNode node)
    {
        private const int LegsOfCall = 2;

        private MediaNodeState? _at;
        private int _chosen;

        public RemoteMediaNode Node => node;

        /// <summary>The share of its ports, 0 to 1 and more.</summary>
        public double Used
        {
            get
            {
                if (node.State is not { } state) return double.MaxValue;
                var chosen = ReferenceEquals(state, Volatile.Read(ref _at)) ? Volatile.Read(ref _chosen) : 0;
                return (double)(state.Ports - state.FreePorts + (LegsOfCall * chosen)) / Math.Max(state.Ports, 1);
            }
        }

        public void Choose()
        {
            if (!ReferenceEquals(Volatile.Read(ref _at), node.State))
            {
                Volatile.Write(ref _chosen, 0);
                Volatile.Write(ref _at, node.State);
            }

            Interlocked.Increment(ref _chosen);
        }
    }
}
