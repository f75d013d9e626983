using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Telephony.Sip.Tests;

/// <summary>What a counter counts, as a collector of metrics sees it: its name and the values of its tags.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _all = [];

    public Measurements(Instrument instrument)
    {
        _listener.SetMeasurementEventCallback<long>((counter, value, tags, _) => _all.Enqueue($"{counter.Meter.Name} {counter.Name} {value}{Text(tags)}"));
        _listener.Start();
        _listener.EnableMeasurementEvents(instrument);
    }

    public IReadOnlyCollection<string> All => _all;

    public void Dispose() => _listener.Dispose();

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = "";
        foreach (var tag in tags) text += $" {tag.Key}={tag.Value}";
        return text;
    }
}
