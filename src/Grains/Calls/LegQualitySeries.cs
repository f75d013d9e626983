using System.Collections.Immutable;
using Telephony.Media;

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

    /// <summary>Packets of the peer that should have come and did not; below 0 when some came late that were counted before.</summary>
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

    public static LegQualitySeries Of(QualitySeries series)
    {
        var samples = series.Samples;
        return new(series.From)
        {
            ReceivedPackets = [.. samples.Select(second => second.ReceivedPackets)],
            ReceivedBytes = [.. samples.Select(second => second.ReceivedBytes)],
            SentPackets = [.. samples.Select(second => second.SentPackets)],
            SentBytes = [.. samples.Select(second => second.SentBytes)],
            Lost = [.. samples.Select(second => second.Lost)],
            Jitter = [.. samples.Select(second => second.JitterMicroseconds)],
            RoundTrip = [.. samples.Select(second => second.RoundTripMicroseconds)],
            RFactor = [.. samples.Select(second => (int)second.RFactor)],
            Mos = [.. samples.Select(second => (int)second.MosHundredths)],
            RemoteLost = [.. samples.Select(second => second.RemoteLost)],
            RemoteJitter = [.. samples.Select(second => second.RemoteJitterMicroseconds)],
        };
    }
}
