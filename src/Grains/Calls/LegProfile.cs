using Telephony.Configuration;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>What media a leg's peer speaks: a phone or, when it came by WebSocket (RFC 7118), a browser.</summary>
internal static class LegProfile
{
    public static MediaProfile Of(SipFlow flow, MediaSecurityPolicy policy) => flow.Transport is SipTransport.Ws or SipTransport.Wss
        ? MediaProfile.Browser
        : MediaProfile.Phone with
        {
            Security = policy switch
            {
                MediaSecurityPolicy.None => MediaSecurity.None,
                MediaSecurityPolicy.Required => MediaSecurity.Required,
                _ => MediaSecurity.Optional,
            },
        };
}
