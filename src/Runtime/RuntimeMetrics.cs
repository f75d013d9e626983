using System.Diagnostics.Metrics;

namespace Telephony.Runtime;

/// <summary>The meter <c>Telephony.Runtime</c>.</summary>
internal sealed class RuntimeMetrics
{
    /// <summary>The meter's name.</summary>
    internal const string MeterName = "Telephony.Runtime";

    private readonly Counter<long> _calls, _timeouts, _refused, _lost;

    internal RuntimeMetrics(IMeterFactory meters, LocalRuntime runtime)
    {
        var meter = meters.Create(MeterName);
        _calls = meter.CreateCounter<long>("grain.calls", "{call}", "Grain calls made.");
        _timeouts = meter.CreateCounter<long>("grain.timeouts", "{call}", "Grain calls without an answer in time.");
        _refused = meter.CreateCounter<long>("grain.refused", "{call}", "Grain calls refused because too many messages waited, or there were too many activations.");
        _lost = meter.CreateCounter<long>("stream.lost", "{item}", "Stream items that a slow subscriber lost.");
        meter.CreateObservableUpDownCounter("grain.activations", () => runtime.ActivationCount, "{activation}", "Grains in memory.");
    }

    internal void Called() => _calls.Add(1);
    internal void TimedOut() => _timeouts.Add(1);
    internal void Refused() => _refused.Add(1);
    internal void Lost() => _lost.Add(1);
}
