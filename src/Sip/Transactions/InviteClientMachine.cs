using static Telephony.Sip.TransactionActions;
using static Telephony.Sip.TransactionInput;
using static Telephony.Sip.TransactionState;

namespace Telephony.Sip;

/// <summary>The INVITE client transaction (RFC 3261 §17.1.1, figure 5, as RFC 6026 §7.2 has it; CANCEL: §9.1).</summary>
/// <remarks>
/// <code>
///                    |INVITE
///   Timer A +------+ V               Timer B, transport error
///   send    +-->  Calling  ------------------------------+
///                 |  |   \  2xx                          |
///      300-699 ACK|  |1xx \-----------------+            |
///   +-------------+  V                      |            |
///   |        Proceeding --- cancel ---> Cancelling       |
///   |   300-699 | |  \ 2xx     Timer C  |   | | 64*T1    |
///   V    ACK    V |   \-----------------+   | +--------->|
///   Completed &lt;---+-------------------------+            |
///   | 300-699: ACK           | 2xx                       |
///   | Timer D                V                           |
///   |                     Accepted  (2xx: to the owner)  |
///   |                        | Timer M                   V
///   +------------------------+--------------------->  Terminated
/// </code>
/// </remarks>
internal static class InviteClientMachine
{
    /// <returns>Null: nothing happens.</returns>
    public static TransactionMove? Next(TransactionState from, TransactionInput on) => (from, on) switch
    {
        (Calling, Start) => new(Calling, Send | StartSending, TransactionTimer.BF),
        (Calling, Restore) => new(Proceeding, None, TransactionTimer.C),
        (Calling or CallingCancelled, SendAgain) => new(from, Resend | KeepSending),
        (Calling or CallingCancelled, TimeOut) => new(Terminated, PassTimeOut),
        (Calling or CallingCancelled or Proceeding or Cancelling, TransportError) => new(Terminated, PassFailure),

        (Calling, Cancel) => new(CallingCancelled),
        (Calling, Abandon) => new(CallingCancelled, StopSending),
        (Calling, Provisional) => new(Proceeding, Pass | StopSending, TransactionTimer.C),
        (CallingCancelled, Provisional) => new(Cancelling, Pass | StopSending | SendCancel, TransactionTimer.Cancelled),

        (Proceeding, Provisional) => new(Proceeding, Pass, TransactionTimer.C),
        (Proceeding, Cancel or TimeOut) => new(Cancelling, SendCancel, TransactionTimer.Cancelled),
        (Cancelling, Provisional) => new(Cancelling, Pass),
        (Cancelling, TimeOut) => new(Terminated, PassTimeOut),

        (Calling or CallingCancelled or Proceeding or Cancelling, Success) => new(Accepted, Pass | StopSending, TransactionTimer.LM),
        (Calling or CallingCancelled or Proceeding or Cancelling, Failure) => new(Completed, SendAck | Pass | StopSending, TransactionTimer.D),

        (Completed, Failure) => new(Completed, SendAck),
        (Completed, TimeOut) => new(Terminated),
        (Accepted, Success) => new(Accepted, Pass),
        (Accepted, TimeOut) => new(Terminated),
        _ => null,
    };
}
