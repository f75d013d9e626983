namespace Telephony.Grains.Calls;

/// <summary>What a restart must know of a call's way to its answer.</summary>
/// <param name="Early">The leg whose early media the caller hears.</param>
/// <param name="IsReliable">The caller gets reliable provisional responses (RFC 3262), or may have got one.</param>
/// <param name="ForCaller">The description in the caller's 200, until its ACK is here.</param>
public sealed record SetupSnapshot(int? Early, bool IsReliable, ReadOnlyMemory<byte> ForCaller)
{
    public static SetupSnapshot None { get; } = new(null, false, default);

    /// <summary>The caller's ACK is here.</summary>
    public bool IsConfirmed { get; init; }
}
