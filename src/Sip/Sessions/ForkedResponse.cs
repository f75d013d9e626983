namespace Telephony.Sip;

/// <summary>What a response to our INVITE is to the dialogs that it may make (RFC 3261 §13.2.2.4).</summary>
public enum ForkedResponse
{
    /// <summary>No dialog: 100, or without a tag.</summary>
    NoDialog,

    /// <summary>A provisional response of an early dialog, new or known.</summary>
    Progress,

    /// <summary>A reliable one that was there before: its PRACK is on its way (RFC 3262 §4).</summary>
    Repeated,

    /// <summary>A reliable one that overtook another: it comes again in its turn (RFC 3262 §4).</summary>
    OutOfOrder,

    /// <summary>An early dialog is over, the INVITE is not (RFC 6228).</summary>
    DialogEnded,

    /// <summary>The first 2xx: this dialog is confirmed.</summary>
    Confirmed,

    /// <summary>The 2xx of another fork: ACK and BYE in its dialog (RFC 3261 §13.2.2.4).</summary>
    Unwanted,

    /// <summary>The whole INVITE failed, and its dialogs with it.</summary>
    Failed,

    /// <summary>There are too many early dialogs for one more.</summary>
    TooMany,
}
