namespace Telephony.Media.Codecs;

/// <summary>What a telephone-event packet means: <see cref="TelephoneEventReceiver.Receive"/>.</summary>
internal enum EventStep
{
    /// <summary>Nothing new: a copy, an old packet, or one that is malformed.</summary>
    None,

    Began,

    /// <summary>It still goes on; the duration has grown.</summary>
    Continues,

    /// <summary>It is over, with the duration as it is now.</summary>
    Ended,

    /// <summary>An event that was over before any other of its packets came: it began and ended.</summary>
    BeganAndEnded,
}
