using System.Diagnostics.Metrics;
using Telephony.Media.Relay;

namespace Telephony.Media;

/// <summary>The meter <c>Telephony.Media</c>. It adds up what the packet threads count when somebody looks.</summary>
internal sealed class MediaMetrics : IDisposable
{
    public const string Name = "Telephony.Media";

    private readonly MediaThread[] _threads;
    private readonly Meter _meter;

    public MediaMetrics(IMeterFactory? factory, MediaThread[] threads, MediaPorts ports, Func<int> legs)
    {
        _threads = threads;
        _meter = factory?.Create(Name) ?? new Meter(Name);
        _meter.CreateObservableGauge("telephony.media.legs", legs, description: "Legs that exist");
        _meter.CreateObservableGauge("telephony.media.ports.free", () => ports.Free, description: "Port pairs of the range that no leg uses");
        _meter.CreateObservableGauge("telephony.media.ports.total", () => ports.Total, description: "Port pairs of the range");
        _meter.CreateObservableCounter("telephony.media.packets", () => InAndOut(t => t.PacketsReceived, t => t.PacketsSent), description: "RTP and RTCP packets relayed");
        _meter.CreateObservableCounter("telephony.media.bytes", () => InAndOut(t => t.BytesReceived, t => t.BytesSent), "By", "Their bytes");
        _meter.CreateObservableCounter("telephony.media.dropped", Drops, description: "Datagrams not relayed");
    }

    public void Dispose() => _meter.Dispose();

    public (long Malformed, long Strangers, long Unsent) Dropped() => (Sum(t => t.Malformed), Sum(t => t.Strangers), Sum(t => t.Unsent));

    private Measurement<long>[] InAndOut(Func<MediaThread, long> received, Func<MediaThread, long> sent) =>
        [Tagged(Sum(received), "direction", "in"), Tagged(Sum(sent), "direction", "out")];

    private Measurement<long>[] Drops()
    {
        var (malformed, strangers, unsent) = Dropped();
        return [Tagged(malformed, "reason", "malformed"), Tagged(strangers, "reason", "stranger"), Tagged(unsent, "reason", "unsent")];
    }

    private long Sum(Func<MediaThread, long> count) => _threads.Sum(count);

    private static Measurement<long> Tagged(long value, string key, string tag) => new(value, new KeyValuePair<string, object?>(key, tag));
}
