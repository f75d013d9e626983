namespace Telephony.Media.Dtls;

/// <summary>How far a DTLS association is.</summary>
internal enum DtlsState
{
    Handshaking,
    Connected,

    /// <summary>The peer said good-bye (close_notify).</summary>
    Closed,

    /// <summary>The handshake can't succeed any more, or the peer ended it with an alert.</summary>
    Failed,
}
