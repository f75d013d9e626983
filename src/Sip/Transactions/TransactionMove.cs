namespace Telephony.Sip;

/// <summary>What a move does, beside changing the state.</summary>
[Flags]
internal enum TransactionActions
{
    None = 0,

    /// <summary>Send this message, and keep it for copies.</summary>
    Send = 1,

    /// <summary>Send the kept message once more.</summary>
    Resend = 2,

    /// <summary>Start to send again and again: after T1, then twice as long each time.</summary>
    StartSending = 4,

    /// <summary>Wait longer for the next copy.</summary>
    KeepSending = 8,

    StopSending = 16,

    /// <summary>Send the ACK of a response over 299.</summary>
    SendAck = 32,

    SendCancel = 64,

    /// <summary>Tell the owner.</summary>
    Pass = 128,

    /// <summary>Tell the owner that nothing came.</summary>
    PassTimeOut = 256,

    /// <summary>Tell the owner that it could not be sent.</summary>
    PassFailure = 512,

    /// <summary>Answer 408 for an owner that did not.</summary>
    AnswerTimeOut = 1024,

    /// <summary>Send this message once; copies are of the kept one.</summary>
    SendAside = 2048,

    /// <summary>Tell the owner that no PRACK came.</summary>
    PassNoPrack = 4096,
}

/// <summary>A row of a transaction's table: where an input leads, what it does, and the timer that ends the new state.</summary>
internal readonly record struct TransactionMove(
    TransactionState To, TransactionActions Actions = TransactionActions.None, TransactionTimer Timer = TransactionTimer.Keep);

internal static class TransactionActionsExtensions
{
    /// <summary>As <see cref="Enum.HasFlag"/>, which boxes until it is compiled for the second time.</summary>
    public static bool Has(this TransactionActions actions, TransactionActions action) => (actions & action) != 0;
}
