namespace Telephony.Media.Relay;

/// <summary>
/// What a channel knows of its peer's address. Immutable: the socket's thread (learning) and a caller (a new description) replace it whole, whoever is first.
/// </summary>
/// <param name="Described">What the peer's description says. Null: nothing yet, or it was not usable.</param>
/// <param name="Current">Whose packets are taken: the described address until a packet came, then where that came from (symmetric RTP, RFC 4961).</param>
/// <param name="Target">Where packets go: <paramref name="Current"/>, or null while the peer wants none (address 0.0.0.0).</param>
/// <param name="IsLatched">A packet came from <paramref name="Current"/>; see <see cref="RtpLatch"/> for who may follow.</param>
/// <param name="Previous">Where packets came from before the description changed; some may still be on their way.</param>
internal sealed record RemoteState(PeerAddress? Described, PeerAddress? Current, PeerAddress? Target, bool IsLatched, PeerAddress? Previous)
{
    public static readonly RemoteState Unknown = new(null, null, null, false, null);

    /// <summary>After a description with this address; null: it says 0.0.0.0, which is hold and moves nothing.</summary>
    public RemoteState Describe(PeerAddress? described) =>
        described is null ? this with { Target = null }
        : IsSame(Described, described) ? this with { Target = Current }
        : IsLatched && IsSame(Current, described) ? this with { Described = described, Target = Current }
        : new RemoteState(described, described, described, IsLatched: false, Previous: IsLatched ? Current : Previous);

    /// <summary>After a packet from a source that is taken for the peer.</summary>
    public RemoteState Latch(PeerAddress source) => new(Described, source, Target is null ? null : source, IsLatched: true, Previous: null);

    private static bool IsSame(PeerAddress? a, PeerAddress b) => a is not null && a.Is(b.Bytes);
}
