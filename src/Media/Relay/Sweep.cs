using Microsoft.Extensions.Logging;
using Telephony.Media.Quality;

namespace Telephony.Media.Relay;

/// <summary>Each second: leases, silence, and news of the packet threads.</summary>
internal sealed class Sweep(LegTable legs, MediaOptions options, TimeProvider time, MediaMetrics metrics, ILogger log)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    private readonly LogLimit _droppedLimit = new(time, LogEvery);
    private long _droppedSeen;

    /// <summary>Under the node's lock. The legs that nobody keeps any more.</summary>
    public List<MediaLeg> Run()
    {
        var expired = new List<MediaLeg>();
        foreach (var leg in legs.Legs)
        {
            if (legs.IsLeaseOver(leg, options.Lease))
            {
                Log.LeaseExpired(log, leg.Name, leg.Call, leg.Owner.Name);
                leg.Owner.Add(leg, MediaEventKind.LeaseExpired, time.GetUtcNow());
                expired.Add(leg);
                continue;
            }

            if (leg.Transport.Rtp.Latches is var latches && latches != leg.LatchesSeen)
            {
                leg.LatchesSeen = latches;
                leg.Owner.Add(leg, MediaEventKind.RemoteLatched, time.GetUtcNow());
            }

            if (leg.Dtls?.Check(time.GetTimestamp()) is var (kind, why)) leg.Tell(kind, why, time.GetUtcNow(), log);
            if (options.SilentAfter > TimeSpan.Zero) ListenFor(leg);
            if (leg.Quality.Log.Count >= QualityLog.Minute) TellQuality(leg);
        }

        legs.ForgetOwners();
        TellDropped();
        return expired;
    }

    private void ListenFor(MediaLeg leg)
    {
        var packets = leg.Inbound.Packets;
        if (packets != leg.PacketsSeen || !leg.IsExpectedToSend)
        {
            if (leg.IsSilenceTold && packets != leg.PacketsSeen) leg.Owner.Add(leg, MediaEventKind.SoundAgain, time.GetUtcNow());
            leg.PacketsSeen = packets;
            leg.SilentSince = time.GetTimestamp();
            leg.IsSilenceTold = false;
        }
        else if (!leg.IsSilenceTold && time.GetElapsedTime(leg.SilentSince) >= options.SilentAfter)
        {
            leg.IsSilenceTold = true;
            Log.Silent(log, leg.Name, leg.Call, options.SilentAfter.TotalSeconds);
            leg.Owner.Add(leg, MediaEventKind.Silent, time.GetUtcNow());
        }
    }

    private void TellQuality(MediaLeg leg)
    {
        var now = time.GetUtcNow();
        leg.Owner.Add(new MediaEvent(0, leg.Name, leg.Call, MediaEventKind.Quality, now) { Quality = leg.Quality.Log.Take(now) });
    }

    private void TellDropped()
    {
        var dropped = metrics.Dropped();
        var all = dropped.Values.Sum();
        if (all == _droppedSeen || !_droppedLimit.TryPass(out _)) return;
        _droppedSeen = all;
        Log.Dropped(log, string.Join(", ", dropped.Where(d => d.Value > 0).Select(d => $"{d.Value} {d.Key}")));
    }
}
