using System.Diagnostics.Metrics;

namespace Telephony.Events;

internal static class EventsMetrics
{
    public static readonly Meter Meter = new("Telephony.Events");

    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("telephony.journal.refused", description: "Appends refused because the journal was full");
    public static readonly Counter<long> WriteFailures = Meter.CreateCounter<long>("telephony.journal.write_failures", description: "Writes or syncs that the disk refused");
    public static readonly Counter<long> Damaged = Meter.CreateCounter<long>("telephony.journal.damaged", description: "Damaged stretches left out at start");
    public static readonly Counter<long> Shipped = Meter.CreateCounter<long>("telephony.events.shipped", description: "Events shipped to PostgreSQL");
    public static readonly Counter<long> Rejected = Meter.CreateCounter<long>("telephony.events.rejected", description: "Events that PostgreSQL would not take, kept in events.rejected");
    public static readonly Counter<long> StatesShipped = Meter.CreateCounter<long>("telephony.states.shipped", description: "State rows written or deleted");
    public static readonly Counter<long> ProjectionFailures = Meter.CreateCounter<long>("telephony.projections.failures", description: "Batches that a projection failed to apply");
}
