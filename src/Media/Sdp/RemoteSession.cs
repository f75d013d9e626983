using System.Collections.Immutable;

namespace Telephony.Media.Sdp;

/// <summary>A description of the peer, as far as it matters to ours.</summary>
/// <param name="Sections">All of its streams' places.</param>
/// <param name="Index">Of the stream that we take.</param>
/// <param name="Peer">What another leg is told of it.</param>
internal sealed record RemoteSession(ImmutableArray<SdpSection> Sections, int Index, MediaStream Stream, StreamKind Kind, PeerAudio Peer);
