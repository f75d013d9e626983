namespace Telephony.Grains.Calls.History;

/// <summary>A call that has ended.</summary>
/// <param name="Version">The version of its stream that the record is made of.</param>
internal sealed record FinishedCall(string Tenant, Guid Id, long Version, Cdr Cdr);
