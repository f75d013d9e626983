namespace Telephony.Media;

/// <summary>The kinds of <see cref="MediaEvent"/>.</summary>
public enum MediaEventKind
{
    /// <summary>Nobody renewed the leg: it is released.</summary>
    LeaseExpired,

    /// <summary>The leg's peer was heard for the first time, or from another address than before.</summary>
    RemoteLatched,

    /// <summary>A connected leg that should send has not for <see cref="MediaOptions.SilentAfter"/>.</summary>
    Silent,

    /// <summary>RTP came again after <see cref="Silent"/>.</summary>
    SoundAgain,

    /// <summary>DTLS has ended, packets go (RFC 5764).</summary>
    TransportReady,

    /// <summary>DTLS or ICE has failed: <see cref="MediaEvent.Subject"/> says why.</summary>
    TransportFailed,

    /// <summary>A key was pressed: <see cref="MediaEvent.Digit"/>, <see cref="MediaEvent.Duration"/>.</summary>
    DtmfPressed,

    TalkingStarted,
    TalkingStopped,
    PlayFinished,
    PlayFailed,

    /// <summary>The last seconds of a leg: <see cref="MediaEvent.Quality"/>.</summary>
    Quality,

    RecordingStarted,
    RecordingStored,
    RecordingFailed,
}
