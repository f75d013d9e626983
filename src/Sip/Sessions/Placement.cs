namespace Telephony.Sip;

/// <summary>What <see cref="OfferAnswer"/> says of a message (RFC 3261 §13.2.1, RFC 6337 §2).</summary>
/// <param name="Next">The state after it; as before when there is a remedy that refuses it.</param>
public readonly record struct Placement(OfferAnswer Next, BodyRole Role, SessionRemedy Remedy = SessionRemedy.None)
{
    /// <summary>Whether it may be sent, or taken in.</summary>
    public bool IsAllowed => Remedy == SessionRemedy.None;

    /// <summary>The status that refuses the request; 0 when it is not refused so.</summary>
    public int Status => Remedy is SessionRemedy.None or SessionRemedy.HangUp ? 0 : (int)Remedy;
}
