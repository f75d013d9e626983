using System.Collections.Immutable;
using Telephony.Grains.Signalling;
using Telephony.Media;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>A media node and another one, for when the first is lost.</summary>
internal sealed class FakeMediaNodes(FakeMedia first, FakeMedia second) : IMediaNodes
{
    public event Action<LostMediaNode>? Lost;

    public ImmutableArray<IMediaNode> All => [first, second];

    public IMediaNode Get(string id) => id == second.Id ? second : first;

    public IMediaNode Choose() => first.IsAway ? second : first;

    /// <summary>The process of a node ends, and its legs with it.</summary>
    public void Lose(FakeMedia node)
    {
        node.Legs.Clear();
        node.Offered.Clear();
        node.Paths.Clear();
        node.IsAway = true;
        Lost?.Invoke(new LostMediaNode(node.Id, node.Boot));
    }
}
