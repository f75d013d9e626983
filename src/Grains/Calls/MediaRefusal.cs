using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>What a peer is told when the media node does not take its description.</summary>
internal static class MediaRefusal
{
    /// <summary>Null: it was taken.</summary>
    public static CallBroke? Broken(MediaError error) => error switch
    {
        MediaError.None => null,
        MediaError.NoPorts => new CallBroke(503, "no_ports"),
        MediaError.NodeAway => new CallBroke(503, "media_away"),
        MediaError.BadDescription => new CallBroke(488, "bad_description"),
        MediaError.NoCommonCodec => new CallBroke(488, "no_common_codec"),
        MediaError.SecurityRequired => new CallBroke(488, "security_required"),
        MediaError.UnsupportedTransport => new CallBroke(488, "unsupported_transport"),
        _ => new CallBroke(500, "failed"),
    };

    /// <summary>The Warning of a 488 (RFC 3261 §20.43), by the reason that <see cref="Broken"/> gives. Null: the status says it all.</summary>
    /// <param name="agent">Who says so: the domain.</param>
    public static SipWarning? Warning(string? reason, string agent) => reason switch
    {
        "bad_description" => new(399, agent, "The description can't be used, or has no audio"),
        "no_common_codec" => new(305, agent, "No common codec"),
        "security_required" => new(399, agent, "SRTP is required"),
        "unsupported_transport" => new(302, agent, "The media transport is not supported"),
        _ => null,
    };

    public static SipWarning? Warning(MediaError error, string agent) => Warning(Broken(error)?.Reason, agent);
}
