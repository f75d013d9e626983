namespace Telephony.Grains.Calls;

// What the grain does once the events are in the journal, in this order.

public abstract record CallEffect;

/// <summary>Send the INVITE of a leg that was just offered.</summary>
public sealed record OfferLeg(int Leg) : CallEffect;

/// <summary>Tell the caller that it rings.</summary>
public sealed record RingCaller : CallEffect;

/// <summary>Connect the caller with this leg and answer them.</summary>
public sealed record AnswerCaller(int Leg) : CallEffect;

/// <summary>The caller's final response, other than an answer.</summary>
/// <param name="Reason">Why the media were not taken, in snake_case; null: the status says it all.</param>
public sealed record RefuseCaller(int Status, string? Reason = null) : CallEffect;

/// <summary>Stop a leg that still rings.</summary>
public sealed record CancelLeg(int Leg, string Reason) : CallEffect;

/// <summary>BYE to a leg that was answered.</summary>
public sealed record HangUpLeg(int Leg) : CallEffect;

/// <summary>Make the media legs anew on another node, and offer them to the parties.</summary>
public sealed record MoveMedia : CallEffect;

public sealed record StartRingTimer : CallEffect;

public sealed record StopRingTimer : CallEffect;
