using static Telephony.Sip.TransactionActions;
using static Telephony.Sip.TransactionInput;
using static Telephony.Sip.TransactionState;

namespace Telephony.Sip;

/// <summary>The non-INVITE server transaction (RFC 3261 §17.2.2, figure 8).</summary>
/// <remarks>
/// <code>
///                | request: to the owner
///                V
///             Trying  ---- 64*T1 ----+   (copies of the request: nothing)
///             |    | 1xx: send       |
///     200-699 |    V                 |
///       send  |  Proceeding ---------+   (copies: resend; 1xx: send)
///             V    | 200-699: send   |
///          Completed                 |   (copies: resend)
///             | Timer J              V
///             +---------------->  Terminated
/// </code>
/// </remarks>
internal static class NonInviteServerMachine
{
    /// <returns>Null: nothing happens.</returns>
    public static TransactionMove? Next(TransactionState from, TransactionInput on) => (from, on) switch
    {
        (Trying, Start) => new(Trying, Pass, TransactionTimer.Unanswered),
        (Trying or Proceeding, Provisional) => new(Proceeding, Send),
        (Trying or Proceeding, Success or Failure) => new(Completed, Send, TransactionTimer.J),
        (Proceeding or Completed, Request) => new(from, Resend),
        (Trying or Proceeding or Completed, TimeOut) => new(Terminated),
        _ => null,
    };
}
