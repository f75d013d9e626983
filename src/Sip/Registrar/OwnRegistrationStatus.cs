namespace Telephony.Sip;

/// <summary>How far a registration of ours is (RFC 3261 §10.2).</summary>
public enum OwnRegistrationStatus
{
    /// <summary>Asked for, and never granted so far or not any more.</summary>
    Registering,

    /// <summary>Calls to us arrive.</summary>
    Registered,

    /// <summary>It could not be had for now; it is asked for again.</summary>
    Failed,

    /// <summary>The registrar will not have us: 403, 404, or the password is wrong. It is asked again, seldom.</summary>
    Refused,

    /// <summary>We are taking it back.</summary>
    Unregistering,

    Ended,
}
