namespace Telephony.Grains.Calls.History;

/// <summary>Finished calls, read from the CDR projection. Every query is within one tenant.</summary>
public interface ICallHistory
{
    /// <summary>An extension's calls, newest first (CDR-01), from after <paramref name="cursor"/> (null: from the newest).</summary>
    Task<CallPage> GetPage(string tenant, string extension, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>One call as seen by an extension that took part in it; null for anybody else's, so that its existence stays unknown.</summary>
    Task<CallDetail?> GetCall(string tenant, string extension, Guid call, CancellationToken cancellationToken);

    /// <summary>How the audio of a call's legs went, second by second (CDR-22, CDR-23, CDR-24); null for whom <see cref="GetCall"/> gives null.</summary>
    Task<IReadOnlyList<CallLegQuality>?> GetQuality(string tenant, string extension, Guid call, CancellationToken cancellationToken);

    /// <summary>Flags the viewer's own row of a call (CDR-20). False when the viewer has no such call.</summary>
    Task<bool> SetFlag(string tenant, string extension, Guid call, bool flagged, CancellationToken cancellationToken);
}

/// <param name="Next">Hand it in as cursor for the following page; null at the end.</param>
public sealed record CallPage(IReadOnlyList<CallRow> Items, string? Next);

/// <summary>CDR-03 and CDR-12.</summary>
public enum CallDirection { Inbound, Outbound, Missed }

/// <summary>A call as one extension sees it in its history. The other party is <paramref name="Number"/>.</summary>
/// <param name="Name">The other party's name when it is known, else null (CDR-02).</param>
/// <param name="LineUsed">Inbound: the number that was called; outbound: the caller id shown (CDR-04).</param>
/// <param name="StartedAt">When the call was begun (CDR-06).</param>
/// <param name="RingMs">From the first 18x to the answer or the end (Decision 11).</param>
/// <param name="TotalMs">Ring and talk together (CDR-19).</param>
public sealed record CallRow(
    Guid Id, CallDirection Direction, string Number, string? Name, string? Department, string LineUsed, DateTimeOffset StartedAt,
    long RingMs, long TalkMs, long TotalMs, CallOutcome Outcome, EndedBy EndedBy, string Reason, bool Flagged);

/// <summary>One leg under a call's row.</summary>
public sealed record CallLeg(
    int Leg, Party Party, string Device, DateTimeOffset OfferedAt, DateTimeOffset? RingingAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    int? SipStatus, int? Q850, string? Reason, LegMedia? Media)
{
    /// <summary>Null: nothing was measured.</summary>
    public LegQuality? Quality { get; init; }
}

/// <param name="Series">In the order of time; a second is in one of them.</param>
public sealed record CallLegQuality(int Leg, Party Party, string Device, LegQuality Summary, IReadOnlyList<LegQualitySeries> Series);

/// <param name="SipCallId">The Call-ID of the caller's leg (CDR-14).</param>
public sealed record CallDetail(CallRow Call, string SipCallId, IReadOnlyList<CallLeg> Legs, IReadOnlyList<TimelineEntry> Timeline);

/// <summary>
/// A moment of a call, for people (CDR-21). The client words it in the reader's language from <paramref name="Kind"/> and the values; "you" is
/// where <paramref name="Actor"/> or <paramref name="Other"/> has the viewer's extension.
/// </summary>
/// <param name="Kind">
/// <c>called</c> (Actor called Other), <c>rang</c> (Actor rang, on Devices), <c>skipped</c> (Actor's device did not ring, Reason), <c>answered</c> (Actor answered after Ms),
/// <c>not_answered</c> (Actor's device rang Ms and stopped, Reason), <c>unknown_number</c>, <c>ended</c> (Actor ended the call, after Ms of talk; Actor null: the system, Reason).
/// </param>
/// <param name="SipStatus">For the small print.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, string Kind, Party? Actor, Party? Other, IReadOnlyList<string> Devices, string? Reason, long? Ms, int? SipStatus, int? Q850);
