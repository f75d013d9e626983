using System.Collections.Immutable;

namespace Telephony.Grains.Calls;

/// <summary>A leg's audio second by second, as arrays of one length: element <c>i</c> is the second that begins <c>i</c> seconds after <see cref="From"/>. Seen from us.</summary>
public sealed record LegQualitySeries(DateTimeOffset From)
{
    /// <summary>RTP packets that came from the peer.</summary>
    public ImmutableArray<int> ReceivedPackets { get; init; } = [];

    /// <summary>Their bytes, with RTP's head.</summary>
    public ImmutableArray<int> ReceivedBytes { get; init; } = [];

    public ImmutableArray<int> SentPackets { get; init; } = [];

    public ImmutableArray<int> SentBytes { get; init; } = [];

    /// <summary>Packets of the peer that should have come and did not.</summary>
    public ImmutableArray<int> Lost { get; init; } = [];

    /// <summary>Interarrival jitter in microseconds (RFC 3550 §6.4.1).</summary>
    public ImmutableArray<int> Jitter { get; init; } = [];

    /// <summary>In microseconds, from RTCP; 0: not known.</summary>
    public ImmutableArray<int> RoundTrip { get; init; } = [];

    /// <summary>ITU-T G.107, 0 to 100; 0: not known.</summary>
    public ImmutableArray<int> RFactor { get; init; } = [];

    /// <summary>In hundredths, 100 to 450; 0: not known.</summary>
    public ImmutableArray<int> Mos { get; init; } = [];

    /// <summary>Of our packets, those that the peer told of as lost (RTCP).</summary>
    public ImmutableArray<int> RemoteLost { get; init; } = [];

    /// <summary>The jitter that the peer told of, in microseconds.</summary>
    public ImmutableArray<int> RemoteJitter { get; init; } = [];
}
