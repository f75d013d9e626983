using System.Collections.Immutable;
using Telephony.Grains.Extensions;

namespace Telephony.Grains.Calls;

// What can happen to a call, told without SIP: the grain translates.

public abstract record CallInput;

/// <summary>An authenticated device calls a number.</summary>
public sealed record CallArrived(Party Caller, string Dialled, string Device, string SipCallId) : CallInput;

/// <summary>The dialled number is nobody's.</summary>
public sealed record NobodyFound : CallInput;

/// <summary>The dialled number is an extension, which says where it can be rung.</summary>
public sealed record RouteFound(Party Callee, ImmutableArray<RingTarget> Targets, ImmutableArray<SkippedDevice> Skipped) : CallInput;

/// <summary>A device that was offered the call alerts its user.</summary>
public sealed record LegProgressed(int Leg) : CallInput;

/// <summary>A device answered.</summary>
public sealed record LegAccepted(int Leg) : CallInput;

/// <summary>A device ended with a final status, its own or one that stands for silence (408) or a lost way (503).</summary>
public sealed record LegRefused(int Leg, int Status) : CallInput;

/// <summary>The caller gave up while it rang.</summary>
public sealed record CallerCancelled : CallInput;

/// <summary>Nobody answered in time.</summary>
public sealed record RingTimedOut : CallInput;

/// <summary>A party hung up.</summary>
public sealed record PartyHungUp(int Leg) : CallInput;

/// <summary>A party is gone without a word: no ACK (<c>ack_timeout</c>), no refresh of its session (<c>session_expired</c>), or its dialog is unknown to it (<c>timeout</c>).</summary>
public sealed record PartyLost(int Leg, string Reason) : CallInput;

/// <summary>The call can't go on for a reason of ours: no ports, a description that can't be used, a defect.</summary>
public sealed record CallBroke(int Status, string Reason) : CallInput;

/// <summary>A party pressed a key.</summary>
/// <param name="Digit">Null: it is not to be kept.</param>
public sealed record KeyPressed(int Leg, char? Digit, int? DurationMs) : CallInput;

/// <summary>The media node tells how a leg's audio went.</summary>
public sealed record QualityMeasured(int Leg, LegQualitySeries Quality) : CallInput;

/// <summary>The media legs are gone with their node.</summary>
public sealed record MediaGone : CallInput;

/// <summary>The silo was restarted under the call.</summary>
public sealed record SiloRestarted : CallInput;
