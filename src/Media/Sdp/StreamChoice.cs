using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>Which stream of an offer we take: the first that we can carry and may.</summary>
/// <param name="Index">Of the stream, among all.</param>
internal sealed record StreamChoice(int Index, MediaStream Stream, StreamKind Kind)
{
    /// <param name="choice">Null: none, and the error says why the first audio stream is not it.</param>
    public static MediaError Choose(SessionDescription offer, MediaProfile profile, LocalTransport transport, out StreamChoice? choice)
    {
        choice = null;
        var error = MediaError.None;
        for (var i = 0; i < offer.Streams.Length; i++)
        {
            var stream = offer.Streams[i];
            if (stream.Media != "audio" || stream.Port == 0) continue;

            var judged = Judge(stream, profile, transport, out var kind);
            if (judged is MediaError.None)
            {
                choice = new StreamChoice(i, stream, kind);
                return judged;
            }

            if (error is MediaError.None) error = judged;
        }

        return error is MediaError.None ? MediaError.BadDescription : error;
    }

    /// <summary>Whether the peer can be reached where it says: at an address of our family, or wherever ICE finds it.</summary>
    public static bool IsReachable(MediaStream stream, StreamKind kind, IPAddress local) =>
        (kind is StreamKind.Dtls && stream.Ice is not null) || stream.IsBlackHole || stream.Connection?.AddressFamily == local.AddressFamily;

    private static MediaError Judge(MediaStream stream, MediaProfile profile, LocalTransport transport, out StreamKind kind)
    {
        var mayEncrypt = profile.Security is not MediaSecurity.None;
        var hasKeys = mayEncrypt && !stream.Crypto.IsEmpty;
        var hasDtls = mayEncrypt && !stream.Fingerprints.IsEmpty && transport.FingerprintSha256.Length > 0;
        StreamKind? found = stream.Protocol switch
        {
            "RTP/AVP" or "RTP/AVPF" => hasKeys ? StreamKind.Sdes : StreamKind.Plain, // with keys: encryption if the other side can
            "RTP/SAVP" or "RTP/SAVPF" => hasKeys ? StreamKind.Sdes : hasDtls ? StreamKind.Dtls : null,
            "UDP/TLS/RTP/SAVP" or "UDP/TLS/RTP/SAVPF" => hasDtls ? StreamKind.Dtls : null,
            _ => null,
        };
        kind = found ?? StreamKind.Plain;
        if (found is null) return MediaError.UnsupportedTransport;
        if (kind is StreamKind.Plain && profile.Security is MediaSecurity.Required) return MediaError.SecurityRequired;
        if (!IsReachable(stream, kind, transport.Address)) return MediaError.BadDescription;
        return stream.Formats.Any(f => f.IsAudio) ? MediaError.None : MediaError.NoCommonCodec;
    }
}
