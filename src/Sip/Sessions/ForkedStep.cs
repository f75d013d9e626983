namespace Telephony.Sip;

/// <summary>What <see cref="DialogSet"/> says of a response (RFC 3261 §13.2.2.4).</summary>
/// <param name="Dialog">The dialog that it concerns; null when none.</param>
/// <param name="Role">What its description is.</param>
/// <param name="Remedy"><see cref="SessionRemedy.HangUp"/> when no session can come of it.</param>
/// <param name="RAck">What a PRACK in that dialog acknowledges now; null: none is sent.</param>
public readonly record struct ForkedStep(
    DialogSet Next, ForkedResponse Kind, EarlyDialog? Dialog = null, BodyRole Role = BodyRole.None, SessionRemedy Remedy = SessionRemedy.None, RAck? RAck = null);
