using Telephony.Events;

namespace Telephony.Grains.Calls;

// Facts about a call, stream "call-<id>". Once stored: add to them, never rename. Legs are numbered from 0, the caller's.

/// <summary>A person or number as known at the time.</summary>
public sealed record Party(string Number, string? Name, string? Extension = null, string? Department = null);

/// <summary>Where a call goes.</summary>
public enum RouteKind { Extension, Nowhere }

/// <summary>Why a device was not offered a call.</summary>
public enum SkipReason { Offline, Busy, DoNotDisturb, Blocked, Rule, CallersOwn, NoMedia }

/// <summary>Who or what ended a leg or a call.</summary>
public enum EndedBy { Caller, Callee, System }

/// <summary>How a call turned out (DESIGN: CDR).</summary>
public enum CallOutcome { Answered, NoAnswer, Busy, Declined, Cancelled, Blocked, Failed, Voicemail, Abandoned }

public abstract record CallEvent(DateTimeOffset At);

/// <param name="Dialled">What the caller dialled: the user part of the Request-URI.</param>
/// <param name="SipCallId">The caller's Call-ID (CDR-14).</param>
[EventType("call_started")]
public sealed record CallStarted(Party Caller, string Dialled, string Device, string SipCallId, DateTimeOffset At) : CallEvent(At);

/// <param name="To">Whom the call is for; null when nobody is there.</param>
/// <param name="Reason">In snake_case: <c>extension</c>, <c>unknown_number</c>.</param>
[EventType("call_routed")]
public sealed record CallRouted(RouteKind Kind, Party? To, string Reason, DateTimeOffset At) : CallEvent(At);

[EventType("leg_offered")]
public sealed record LegOffered(int Leg, Party To, string Device, string? UserAgent, DateTimeOffset At) : CallEvent(At);

[EventType("leg_skipped")]
public sealed record LegSkipped(Party To, string Device, SkipReason Reason, DateTimeOffset At) : CallEvent(At);

[EventType("leg_ringing")]
public sealed record LegRinging(int Leg, DateTimeOffset At) : CallEvent(At);

/// <summary>Of the callee's leg: they answered. (The caller's leg is answered in the same moment.)</summary>
[EventType("leg_answered")]
public sealed record LegAnswered(int Leg, DateTimeOffset At) : CallEvent(At);

/// <param name="SipStatus">The final status the leg ended with before it was answered (486, 487, ...); null for a BYE.</param>
/// <param name="Q850">The Q.850 cause, 16 for normal clearing.</param>
/// <param name="Reason">In snake_case: <c>hangup</c>, <c>busy</c>, <c>declined</c>, <c>no_answer</c>, <c>cancelled</c>, <c>answered_elsewhere</c>, <c>timeout</c>, <c>ack_timeout</c>, <c>prack_timeout</c>, <c>session_expired</c>, <c>restart</c>, <c>failed</c>.</param>
[EventType("leg_ended")]
public sealed record LegEnded(int Leg, EndedBy By, int? SipStatus, int Q850, string Reason, LegMedia? Media, DateTimeOffset At) : CallEvent(At);

/// <summary>RTP that went through a leg, seen from us.</summary>
public sealed record LegMedia(long PacketsReceived, long BytesReceived, long PacketsSent, long BytesSent);

/// <param name="Reason">As in <see cref="LegEnded"/>, also <c>unknown_number</c>, <c>offline</c>.</param>
[EventType("call_ended")]
public sealed record CallEnded(CallOutcome Outcome, EndedBy By, string Reason, DateTimeOffset At) : CallEvent(At);
