using static Telephony.Sip.TransactionActions;
using static Telephony.Sip.TransactionInput;
using static Telephony.Sip.TransactionState;

namespace Telephony.Sip;

/// <summary>The non-INVITE client transaction (RFC 3261 §17.1.2, figure 6).</summary>
/// <remarks>
/// <code>
///                     | request
///   Timer E +-------+ V                Timer F, transport error
///   send    +-->   Trying  -----------------------------+
///                  |  | 1xx                             |
///        200-699   |  V                                 |
///           +------+ Proceeding &lt;-+ Timer E: send       |
///           |        |   |   +----+ 1xx                 |
///           V        |   +----------------------------->|
///        Completed &lt;-+ 200-699                          |
///           | Timer K                                   V
///           +------------------------------------->  Terminated
/// </code>
/// </remarks>
internal static class NonInviteClientMachine
{
    /// <returns>Null: nothing happens.</returns>
    public static TransactionMove? Next(TransactionState from, TransactionInput on) => (from, on) switch
    {
        (Trying, Start) => new(Trying, Send | StartSending, TransactionTimer.BF),
        (Trying or Proceeding, SendAgain) => new(from, Resend | KeepSending),
        (Trying or Proceeding, TimeOut) => new(Terminated, PassTimeOut),
        (Trying or Proceeding, TransportError) => new(Terminated, PassFailure),
        (Trying, Abandon) => new(Terminated),
        (Trying or Proceeding, Provisional) => new(Proceeding, Pass),
        (Trying or Proceeding, Success or Failure) => new(Completed, Pass | StopSending, TransactionTimer.K),
        (Completed, TimeOut) => new(Terminated),
        _ => null,
    };
}
