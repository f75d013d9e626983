using System.Collections.Immutable;

namespace Telephony.Media;

/// <summary>What a leg or all in a room are to hear.</summary>
/// <param name="Target">A leg's or a room's name.</param>
/// <param name="Sources">One after the other.</param>
/// <param name="Repeat">How many times; 0: until it is stopped.</param>
[GenerateSerializer, Immutable]
public sealed record MediaPlay(
    [property: Id(0)] string Target, [property: Id(1)] ImmutableArray<MediaSource> Sources, [property: Id(2)] int Repeat = 1, [property: Id(3)] PlayMode Mode = PlayMode.Instead);

public enum PlayMode
{
    /// <summary>Nothing else is heard meanwhile.</summary>
    Instead,

    /// <summary>Together with what is heard.</summary>
    Mixed,
}
