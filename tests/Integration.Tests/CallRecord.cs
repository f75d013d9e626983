using System.Text.Json;

namespace Telephony.Integration.Tests;

/// <summary>A row of the history, with what tests look at.</summary>
internal sealed record CallRecord(
    string Id, string Direction, string Number, string? Name, string? Department, string LineUsed, DateTimeOffset StartedAt,
    long RingMs, long TalkMs, long TotalMs, string Outcome, string EndedBy, string Reason, bool Flagged)
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    public static CallRecord Of(JsonElement row) => row.Deserialize<CallRecord>(Camel)!;
}
