using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Signalling;

/// <summary>Finds the SIP edge that a flow belongs to. Grains keep ids, never references: an edge may be a process of its own.</summary>
public interface ISipEdges
{
    ISipEdge Get(string id);
}

/// <summary>Finds a call's media node, and chooses one for a new call.</summary>
public interface IMediaNodes
{
    ImmutableArray<IMediaNode> All { get; }

    /// <summary>The node of this id. One that is no longer in use gives another, which says of each of its legs that it is unknown.</summary>
    IMediaNode Get(string id);

    /// <summary>The node that has most room, of those that answer; when none does, one that doesn't.</summary>
    IMediaNode Choose();

    /// <summary>
    /// A node's process has ended, or is another one than before: its legs are gone. Told on any thread, within about a second. Legs made at the new process are
    /// not: <see cref="IMediaNode.Adopt"/> tells which.
    /// </summary>
    event Action<LostMediaNode>? Lost;
}

/// <summary>A node, and the <see cref="MediaNodeState.Boot"/> under which the lost legs were made.</summary>
public sealed record LostMediaNode(string Id, string Boot);

/// <summary>One edge and one media node, in this process. An id of an earlier start means them too.</summary>
internal sealed class LocalNodes(IServiceProvider services) : ISipEdges, IMediaNodes
{
    private readonly Lazy<ISipEdge> _edge = new(services.GetRequiredService<ISipEdge>); // lazy: the edge in turn needs who hears its events
    private readonly Lazy<IMediaNode> _node = new(services.GetRequiredService<IMediaNode>);

    ISipEdge ISipEdges.Get(string id) => _edge.Value;

    ImmutableArray<IMediaNode> IMediaNodes.All => [_node.Value];

    IMediaNode IMediaNodes.Get(string id) => _node.Value;

    IMediaNode IMediaNodes.Choose() => _node.Value;

    event Action<LostMediaNode>? IMediaNodes.Lost // it ends with this process
    {
        add { }
        remove { }
    }
}
