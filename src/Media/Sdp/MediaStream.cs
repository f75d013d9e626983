using System.Collections.Immutable;
using System.Net;
using Telephony.Media.Srtp;

namespace Telephony.Media.Sdp;

/// <summary>A stream of a description: its <c>m=</c> line (RFC 8866 §5.14) and what its lines, or else the session's, say of it.</summary>
/// <param name="Media">As <c>audio</c>.</param>
/// <param name="Port">0: refused, or removed (RFC 3264 §6, §8.2).</param>
/// <param name="Protocol">As <c>RTP/AVP</c>.</param>
/// <param name="FormatList">The rest of the <c>m=</c> line.</param>
internal sealed record MediaStream(string Media, int Port, string Protocol, string FormatList)
{
    /// <summary>Null without one, or when it can't be used.</summary>
    public IPAddress? Connection { get; init; }

    /// <summary>From <c>a=rtcp</c> (RFC 3605); null: the port after RTP's.</summary>
    public IPEndPoint? Rtcp { get; init; }

    public bool IsRtcpMux { get; init; }

    /// <summary>As it is written; an address of zeros counts in <see cref="Wish"/>.</summary>
    public MediaDirection Direction { get; init; }

    /// <summary>The payload types of RTP in the order of the <c>m=</c> line; those that nothing explains are not there.</summary>
    public ImmutableArray<RtpFormat> Formats { get; init; } = [];

    /// <summary>What can't be explained by the description itself: an answer may lean on the offer there.</summary>
    public ImmutableArray<byte> Unexplained { get; init; } = [];

    /// <summary>Milliseconds (RFC 8866 §6.4); null: not said.</summary>
    public int? PacketTime { get; init; }

    /// <summary>Milliseconds (RFC 8866 §6.5); null: not said.</summary>
    public int? MaxPacketTime { get; init; }

    /// <summary>It wants no pauses in the stream (<c>a=silenceSupp:off</c>, RFC 3108 §5.6.2.7).</summary>
    public bool IsSilenceUnwanted { get; init; }

    /// <summary>Those that we can use, preferred first.</summary>
    public ImmutableArray<CryptoAttribute> Crypto { get; init; } = [];

    public ImmutableArray<Fingerprint> Fingerprints { get; init; } = [];

    public DtlsSetup Setup { get; init; }

    public IceCredentials? Ice { get; init; }

    /// <summary>Its name in a group (RFC 5888); null: none.</summary>
    public string? Mid { get; init; }

    /// <summary>It would share a port with others (RFC 9143).</summary>
    public bool IsBundled { get; init; }

    /// <summary>An address of zeros, which is how older phones hold (RFC 3264 §8.4).</summary>
    public bool IsBlackHole => Connection is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>What the peer wants to do: it can't receive at an address of zeros, unless ICE finds another one.</summary>
    public MediaDirection Wish => IsBlackHole && Ice is null ? MediaDirections.Of(Direction.Sends(), receives: false) : Direction;
}
