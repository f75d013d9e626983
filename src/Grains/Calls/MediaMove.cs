namespace Telephony.Grains.Calls;

/// <summary>What a party's answer to the offer of new media means for a call whose media node was lost.</summary>
public enum MediaMove { Moved, AskAgain, Refused }

/// <summary>
/// A call whose media node is gone gets legs on another one, described by what the parties said last, and each party a re-INVITE (or UPDATE) with an offer of the new
/// address and keys. The offers are independent; the call is whole again when all are accepted, and ends as <c>media_lost</c> with the first that is refused.
/// <code>
///     the party's answer                                    the party
///     2xx                                                   Moved
///     491, or 500 with Retry-After (another change first)   AskAgain
///     one that says how to ask: 422, 405, 501               AskAgain
///     408, 481 and silence                                  Refused: it is gone
///     any other                                             Refused
/// </code>
/// </summary>
public static class MediaMoves
{
    /// <param name="isToldHow">The answer says how to ask instead, and that was not tried.</param>
    /// <param name="saysWhen">It has a Retry-After.</param>
    public static MediaMove After(int status, bool isToldHow, bool saysWhen) => status switch
    {
        < 300 => MediaMove.Moved,
        491 => MediaMove.AskAgain,
        500 when saysWhen => MediaMove.AskAgain,
        _ when isToldHow => MediaMove.AskAgain,
        _ => MediaMove.Refused,
    };
}
