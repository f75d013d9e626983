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
/// <param name="Reason">In snake_case: <c>hangup</c>, <c>busy</c>, <c>declined</c>, <c>no_answer</c>, <c>cancelled</c>, <c>answered_elsewhere</c>, <c>timeout</c>, <c>ack_timeout</c>, <c>prack_timeout</c>, <c>session_expired</c>, <c>restart</c>,
/// <c>media_timeout</c> (no sound from a party for too long), <c>media_lost</c> (the media node is gone, or has given the leg up), <c>media_failed</c> (no secure connection for the sound), <c>failed</c>.</param>
[EventType("leg_ended")]
public sealed record LegEnded(int Leg, EndedBy By, int? SipStatus, int Q850, string Reason, LegMedia? Media, DateTimeOffset At) : CallEvent(At);

/// <summary>RTP that went through a leg, seen from us.</summary>
public sealed record LegMedia(long PacketsReceived, long BytesReceived, long PacketsSent, long BytesSent);

/// <summary>
/// A party pressed a key. Which one is kept only where the operator says so (<see cref="CallOptions.KeepsDigits"/>): keys are PINs and card numbers too.
/// </summary>
/// <param name="Leg">Who pressed.</param>
/// <param name="Digit">One of <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, <c>A</c> to <c>D</c>; null: not kept.</param>
/// <param name="DurationMs">How long, in milliseconds, as far as it is known.</param>
[EventType("digit_pressed")]
public sealed record DigitPressed(int Leg, char? Digit, int? DurationMs, DateTimeOffset At) : CallEvent(At);

/// <summary>How a leg's audio went: a minute of it, and at its end the rest.</summary>
[EventType("quality_sampled")]
public sealed record QualitySampled(int Leg, LegQualitySeries Quality, DateTimeOffset At) : CallEvent(At);

/// <param name="Reason">As in <see cref="LegEnded"/>, also <c>unknown_number</c>, <c>offline</c>.</param>
[EventType("call_ended")]
public sealed record CallEnded(CallOutcome Outcome, EndedBy By, string Reason, DateTimeOffset At) : CallEvent(At);
