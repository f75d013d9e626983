using System.Diagnostics.Metrics;
using Telephony.Media.Audio;
using Telephony.Media.Relay;

namespace Telephony.Media;

/// <summary>The meter <c>Telephony.Media</c>. It adds up what the packet threads count when somebody looks.</summary>
internal sealed class MediaMetrics : IDisposable
{
    public const string Name = "Telephony.Media";

    private static readonly (DropReason Reason, string Name)[] Reasons = [.. Enum.GetValues<DropReason>().Select(r => (r, Enum.GetName(r)!.ToLowerInvariant()))];

    private readonly IReadOnlyList<Traffic> _traffic;
    private readonly Meter _meter;

    public MediaMetrics(IMeterFactory? factory, IReadOnlyList<Traffic> traffic, IReadOnlyList<AudioThread> audio, MediaPorts ports, Func<int> legs)
    {
        _traffic = traffic;
        _meter = factory?.Create(Name) ?? new Meter(Name);
        _meter.CreateObservableGauge("telephony.media.legs", legs, description: "Legs that exist");
        _meter.CreateObservableGauge("telephony.media.ports.free", () => ports.Free, description: "Port pairs of the range that no leg uses");
        _meter.CreateObservableGauge("telephony.media.ports.total", () => ports.Total, description: "Port pairs of the range");
        _meter.CreateObservableCounter("telephony.media.packets", () => InAndOut(t => t.PacketsReceived, t => t.PacketsSent), description: "RTP and RTCP packets relayed");
        _meter.CreateObservableCounter("telephony.media.bytes", () => InAndOut(t => t.BytesReceived, t => t.BytesSent), "By", "Their bytes");
        _meter.CreateObservableCounter("telephony.media.dropped", Drops, description: "Datagrams that came to nothing, by reason");
        _meter.CreateObservableCounter("telephony.media.audio.ticks.late", () => audio.Sum(t => t.Ticks.Late), description: "Audio ticks of 20 ms that came a period late or more");
        _meter.CreateObservableCounter("telephony.media.audio.ticks.skipped", () => audio.Sum(t => t.Ticks.Skipped), description: "Audio ticks that were left out");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Datagrams dropped since the start, by the name of the reason.</summary>
    public IReadOnlyDictionary<string, long> Dropped() => Reasons.ToDictionary(r => r.Name, r => Sum(t => t.Dropped(r.Reason)));

    public (long Received, long Sent, long Dropped) Packets() => (Sum(t => t.PacketsReceived), Sum(t => t.PacketsSent), Dropped().Values.Sum());

    private Measurement<long>[] InAndOut(Func<Traffic, long> received, Func<Traffic, long> sent) =>
        [Tagged(Sum(received), "direction", "in"), Tagged(Sum(sent), "direction", "out")];

    private IEnumerable<Measurement<long>> Drops() => Dropped().Select(d => Tagged(d.Value, "reason", d.Key));

    private long Sum(Func<Traffic, long> count) => _traffic.Sum(count);

    private static Measurement<long> Tagged(long value, string key, string tag) => new(value, new KeyValuePair<string, object?>(key, tag));
}
