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
    IMediaNode Get(string id);

    IMediaNode Choose();
}

/// <summary>One edge and one media node, in this process. An id of an earlier start means them too.</summary>
internal sealed class LocalNodes(IServiceProvider services) : ISipEdges, IMediaNodes
{
    private readonly Lazy<ISipEdge> _edge = new(services.GetRequiredService<ISipEdge>); // lazy: the edge in turn needs who hears its events
    private readonly Lazy<IMediaNode> _node = new(services.GetRequiredService<IMediaNode>);

    ISipEdge ISipEdges.Get(string id) => _edge.Value;

    IMediaNode IMediaNodes.Get(string id) => _node.Value;

    IMediaNode IMediaNodes.Choose() => _node.Value;
}
