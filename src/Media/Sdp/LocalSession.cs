using System.Collections.Immutable;
using System.Security.Cryptography;
using Telephony.Media.Codecs;
using Telephony.Media.Srtp;

namespace Telephony.Media.Sdp;

/// <summary>
/// Our side of one peer's session: takes the peer's offers and answers, makes ours, and knows what was agreed (RFC 3264). Without I/O. Not thread-safe: its leg's lock
/// guards it. A command that is refused changes nothing.
/// <code>
///                  the peer's                         ours
///     at first     SetRemote: an offer                Answer: agreed
///                  SetRemote: an answer, agreed       Offer
///     a change     SetOffer                           Answer: agreed, or Rollback
///                  SetRemote: an answer, agreed       Offer, or Rollback
/// </code>
/// </summary>
/// <param name="origin">What <c>o=</c> begins with (RFC 8866 §5.2).</param>
/// <param name="codecs">Those that we transcode to, preferred first; empty: nothing is transcoded.</param>
internal sealed class LocalSession(SessionOrigin origin, LocalTransport transport, MediaProfile profile, ImmutableArray<AudioCodec> codecs)
{
    private static readonly ImmutableArray<SrtpSuite> Suites =
        [SrtpSuite.AesCm128HmacSha1_80, SrtpSuite.AesCm128HmacSha1_32, SrtpSuite.AeadAes128Gcm, SrtpSuite.AeadAes256Gcm];

    private readonly FormatChoice _choice = new(profile, codecs);
    private Dictionary<SrtpSuite, SrtpKeys>? _keys; // ours
    private SessionOrigin _origin = origin;
    private byte[]? _last; // the hash of our last description, whose text is large
    private RemoteSession? _remote, _offered;
    private LocalStream? _offer; // our last description, if it was an offer
    private ImmutableArray<SdpSection> _sections = [];
    private int _audio; // among the sections
    private string? _protocol; // of the last agreement

    /// <summary>What we write of ourselves. ICE restarts replace its credentials (RFC 8839 §4.4.1.1).</summary>
    public LocalTransport Transport { get; private set; } = transport;

    /// <summary>What was agreed last; null: nothing yet.</summary>
    public StreamAgreement? Agreement { get; private set; }

    /// <summary>What the peer has and wants, also by an offer that is not answered yet; null: it has said nothing.</summary>
    public PeerAudio? Peer => (_offered ?? _remote)?.Peer;

    /// <summary>The peer has made an offer at some time, or an answer that can be answered like one.</summary>
    public bool HasRemote => Peer is not null;

    /// <summary>Takes an answer to our last offer, or else the peer's first offer. The last of several answers counts (RFC 3261 §13.2.2.4: one of each fork).</summary>
    public MediaError SetRemote(SessionDescription description) => _offer is { } offer ? TakeAnswer(description, offer) : TakeOffer(description, ref _remote);

    /// <summary>Takes an offer of a change; nothing changes before it is answered.</summary>
    public MediaError SetOffer(SessionDescription description) => TakeOffer(description, ref _offered);

    /// <summary>Forgets an offer of the peer that was refused, or one of ours. Its version stays used (RFC 3264 §8).</summary>
    public void Rollback() => _offered = null;

    /// <param name="like">What the other side has; null: nobody is there yet.</param>
    public MediaError Offer(PeerAudio? like, out byte[] sdp)
    {
        sdp = [];
        var kind = _remote?.Kind ?? KindOf(profile);
        if (kind is StreamKind.Dtls && Transport.FingerprintSha256.Length == 0) return MediaError.UnsupportedTransport;
        var formats = _choice.Offer(like);
        if (formats.IsEmpty) return MediaError.NoCommonCodec;

        var isDtls = kind is StreamKind.Dtls;
        var protocol = _protocol ?? _remote?.Stream.Protocol ?? kind switch { StreamKind.Plain => "RTP/AVP", StreamKind.Sdes => "RTP/SAVP", _ => "UDP/TLS/RTP/SAVPF" };
        var hasIce = isDtls && _remote is not { Stream.Ice: null };
        var stream = new LocalStream(
            kind, protocol, formats, like?.Wish ?? MediaDirection.SendReceive, like?.PacketTime, like?.MaxPacketTime, Agreement?.IsRtcpMux ?? _remote?.Stream.IsRtcpMux ?? isDtls,
            kind is StreamKind.Sdes ? OfferedKeys() : [], isDtls ? DtlsSetup.ActivePassive : null, hasIce);
        if (_sections.IsEmpty && _remote is { } known) (_sections, _audio) = (known.Sections, known.Index); // a dialog that began elsewhere
        else if (_sections.IsEmpty) _sections = [new SdpSection("audio", protocol, "", isDtls ? "0" : null, IsBundled: isDtls)];
        sdp = Next(stream);
        _offer = stream;
        return MediaError.None;
    }

    /// <summary>The answer to the peer's last offer.</summary>
    /// <param name="like">What the other side has; null: nobody is there, and we answer for ourselves.</param>
    public MediaError Answer(PeerAudio? like, out byte[] sdp)
    {
        sdp = [];
        if ((_offered ?? _remote) is not { } remote) return MediaError.NoRemote;
        var (peer, kind) = (remote.Stream, remote.Kind);
        var formats = _choice.Answer(peer.Formats, like);
        if (formats.IsEmpty) return MediaError.NoCommonCodec;

        StreamSecurity security = NoSecurity.Instance;
        ImmutableArray<CryptoAttribute> crypto = [];
        DtlsSetup? setup = null;
        if (kind is StreamKind.Sdes)
        {
            var chosen = peer.Crypto[0];
            crypto = [new CryptoAttribute(chosen.Tag, KeysOf(chosen.Keys.Suite))];
            security = new Sdes(crypto[0].Keys, chosen.Keys);
        }
        else if (kind is StreamKind.Dtls)
        {
            if (IsIceRestart(peer)) RenewIce();
            var isActive = peer.Setup is DtlsSetup.Passive || (peer.Setup is DtlsSetup.ActivePassive && IsActiveAlready(peer)); // RFC 8842 §5.3
            setup = isActive ? DtlsSetup.Active : DtlsSetup.Passive;
            security = new Dtls(peer.Fingerprints, isActive, peer.Ice);
        }

        var stream = new LocalStream(
            kind, peer.Protocol, formats, (like?.Wish ?? MediaDirection.SendReceive).Facing(peer.Wish), like?.PacketTime, like?.MaxPacketTime, peer.IsRtcpMux, crypto, setup, kind is StreamKind.Dtls && peer.Ice is not null);
        _sections = [.. remote.Sections];
        _audio = remote.Index;
        sdp = Next(stream);
        (_remote, _offered, _offer) = (remote, null, null);
        Agree(Agreements.Make(peer, stream, [.. formats.Select(f => (peer.Formats.First(p => p.PayloadType == f.PayloadType), f))], Transport, security), peer.Protocol);
        return MediaError.None;
    }

    private MediaError TakeOffer(SessionDescription description, ref RemoteSession? into)
    {
        var error = StreamChoice.Choose(description, profile, Transport, out var choice);
        if (choice is null) return error;

        _choice.Learn(choice.Stream.Formats);
        into = new RemoteSession([.. description.Streams.Select(SdpSection.Of)], choice.Index, choice.Stream, choice.Kind, PeerAudio.Of(choice.Stream, choice.Stream.Formats));
        return MediaError.None;
    }

    private MediaError TakeAnswer(SessionDescription description, LocalStream offer)
    {
        var answered = _audio < description.Streams.Length && description.Streams[_audio].Media == "audio" ? description.Streams[_audio] : description.Streams.FirstOrDefault(s => s.Media == "audio");
        if (answered is null || answered.Port == 0) return MediaError.BadDescription;
        var error = Secure(answered, offer, out var security);
        if (error is not MediaError.None) return error;
        if (!StreamChoice.IsReachable(answered, KindOf(security), Transport.Address)) return MediaError.BadDescription;

        var pairs = Agreements.Match(answered, offer.Formats);
        if (!pairs.Any(p => p.Peer.IsAudio)) return MediaError.NoCommonCodec;
        _remote = new RemoteSession(_sections, _audio, answered with { Formats = [.. pairs.Select(p => p.Peer)] }, KindOf(security), PeerAudio.Of(answered, [.. pairs.Select(p => p.Peer)]));
        Agree(Agreements.Make(answered, offer, pairs, Transport, security), offer.Protocol);
        return MediaError.None;
    }

    private MediaError Secure(MediaStream answer, LocalStream offer, out StreamSecurity security)
    {
        security = NoSecurity.Instance;
        var isSecure = answer.Protocol.Contains("SAVP", StringComparison.Ordinal);
        if (!answer.Protocol.Contains("RTP/", StringComparison.Ordinal)) return MediaError.UnsupportedTransport;
        switch (offer.Kind)
        {
            case StreamKind.Plain:
                return isSecure ? MediaError.UnsupportedTransport : MediaError.None;
            case StreamKind.Sdes:
                var chosen = answer.Crypto.FirstOrDefault(c => offer.Crypto.Any(o => o.Tag == c.Tag && o.Keys.Suite == c.Keys.Suite));
                if (chosen is not null) security = new Sdes(KeysOf(chosen.Keys.Suite), chosen.Keys);
                else if (profile.Security is MediaSecurity.Required) return MediaError.SecurityRequired;
                else if (isSecure || offer.Protocol.Contains("SAVP", StringComparison.Ordinal)) return MediaError.UnsupportedTransport;
                return MediaError.None;
            default:
                if (answer.Fingerprints.IsEmpty) return isSecure ? MediaError.UnsupportedTransport : MediaError.SecurityRequired;
                security = new Dtls(answer.Fingerprints, answer.Setup is DtlsSetup.Passive, offer.HasIce ? answer.Ice : null);
                return MediaError.None;
        }
    }

    private void Agree(StreamAgreement agreement, string protocol) => (Agreement, _protocol) = (agreement, protocol);

    /// <summary>The description, with a version that grows if and only if it differs from the one before (RFC 3264 §8).</summary>
    private byte[] Next(LocalStream stream)
    {
        var text = Write();
        if (_last is not null && !SHA256.HashData(text).AsSpan().SequenceEqual(_last))
        {
            _origin = _origin with { Version = _origin.Version + 1 };
            text = Write();
        }

        _last = SHA256.HashData(text);
        return text;

        byte[] Write() => LocalDescription.Write(_origin, Transport, _sections, _audio, stream);
    }

    private SrtpKeys KeysOf(SrtpSuite suite)
    {
        _keys ??= [];
        return _keys.TryGetValue(suite, out var keys) ? keys : _keys[suite] = SrtpKeys.Create(suite);
    }

    // what is in use comes first, with its keys (RFC 4568 §7.1.4)
    private ImmutableArray<CryptoAttribute> OfferedKeys()
    {
        var used = (Agreement?.Security as Sdes)?.Send.Suite;
        return [.. Suites.OrderByDescending(suite => suite == used).Select((suite, i) => new CryptoAttribute(i + 1, KeysOf(suite)))];
    }

    private bool IsIceRestart(MediaStream peer) => Agreement?.Security is Dtls { Ice: { } before } && peer.Ice is { } now && now != before;

    private void RenewIce()
    {
        var ice = IceCredentials.New();
        Transport = Transport with { IceUfrag = ice.Ufrag, IcePassword = ice.Password };
    }

    // an association that goes on keeps its roles (RFC 8842 §5.5)
    private bool IsActiveAlready(MediaStream peer) => Agreement?.Security is Dtls { IsActive: true } dtls && dtls.Remote.SequenceEqual(peer.Fingerprints);

    private static StreamKind KindOf(StreamSecurity security) => security switch { Sdes => StreamKind.Sdes, Dtls => StreamKind.Dtls, _ => StreamKind.Plain };

    private static StreamKind KindOf(MediaProfile profile) =>
        profile.Transport is MediaTransport.WebRtc ? StreamKind.Dtls : profile.Security is MediaSecurity.Required ? StreamKind.Sdes : StreamKind.Plain;
}
