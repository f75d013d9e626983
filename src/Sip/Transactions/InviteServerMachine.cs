using static Telephony.Sip.TransactionActions;
using static Telephony.Sip.TransactionInput;
using static Telephony.Sip.TransactionState;

namespace Telephony.Sip;

/// <summary>
/// The INVITE server transaction (RFC 3261 §17.2.1, figure 7, as RFC 6026 §7.1 has it), with what §13.3.1.4 asks of the core behind it: a 2xx is sent again until its ACK,
/// and what RFC 3262 §3 asks: a reliable provisional response until its PRACK.
/// The 100 is sent by whoever starts it.
/// </summary>
/// <remarks>
/// <code>
///                        | INVITE: 100, to the owner
///     INVITE: resend +-+ V
///     1xx: send      +> Proceeding  (CANCEL: to the owner) -----+
///                      |       ^ |reliable 1xx: send            |
///                      | PRACK | V                              |
///                      | ProceedingReliably (again until PRACK) |
///                      |         |                              |
///        300-699: send |         | 2xx: send                    |
///                      V         V                              |
///   INVITE, Timer G   Completed  Accepted  (again until the ACK)|
///   send again        |   |ACK     |   |ACK: to the owner       |
///           Timer H   |   V        |   V                        |
///           +---------+ Confirmed  | Acknowledged               |
///           |             |Timer I |   |Timer L                  |
///           V             V        V   V                        |
///          Terminated  &lt;--------- Timer L: no ACK, to the owner |
///          Completed   &lt;--------- unanswered: 408 --------------+
/// </code>
/// </remarks>
internal static class InviteServerMachine
{
    /// <returns>Null: nothing happens.</returns>
    public static TransactionMove? Next(TransactionState from, TransactionInput on) => (from, on) switch
    {
        (Proceeding, Start) => new(Proceeding, Pass, TransactionTimer.InviteUnanswered),
        (Proceeding, Restore) => new(Proceeding, None, TransactionTimer.InviteUnanswered),
        (Proceeding, Request) => new(Proceeding, Resend),
        (Proceeding, Provisional) => new(Proceeding, Send),
        (Proceeding, Cancel) => new(Proceeding, Pass),
        (Proceeding, Success) => new(Accepted, Send | StartSending, TransactionTimer.LM),
        (Proceeding, Failure) => new(Completed, Send | StartSending, TransactionTimer.H),
        (Proceeding, TimeOut) => new(Proceeding, AnswerTimeOut),

        (Proceeding, Reliable) => new(ProceedingReliably, Send | StartSending, TransactionTimer.Prack),
        (ProceedingReliably, Request) => new(ProceedingReliably, Resend),
        (ProceedingReliably, SendAgain) => new(ProceedingReliably, Resend | KeepSending),
        (ProceedingReliably, Provisional) => new(ProceedingReliably, SendAside),
        (ProceedingReliably, Cancel) => new(ProceedingReliably, Pass),
        (ProceedingReliably, Prack) => new(Proceeding, StopSending, TransactionTimer.InviteUnanswered),
        (ProceedingReliably, TimeOut) => new(Proceeding, StopSending | PassNoPrack, TransactionTimer.InviteUnanswered),
        (ProceedingReliably, Success) => new(Accepted, StopSending | Send | StartSending, TransactionTimer.LM),
        (ProceedingReliably, Failure) => new(Completed, StopSending | Send | StartSending, TransactionTimer.H),

        (Completed, Request) => new(Completed, Resend),
        (Completed, SendAgain) => new(Completed, Resend | KeepSending),
        (Completed, Ack) => new(Confirmed, StopSending, TransactionTimer.I),
        (Completed or Confirmed, TimeOut) => new(Terminated),

        (Accepted, SendAgain) => new(Accepted, Resend | KeepSending),
        (Accepted, Ack) => new(Acknowledged, StopSending | Pass),
        (Accepted, TimeOut) => new(Terminated, PassTimeOut),
        (Acknowledged, TimeOut) => new(Terminated),
        _ => null,
    };
}
