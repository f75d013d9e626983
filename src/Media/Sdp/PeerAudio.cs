using System.Collections.Immutable;

namespace Telephony.Media.Sdp;

/// <summary>What another leg's peer has and wants: what a description is made like.</summary>
/// <param name="Formats">Sound, comfort noise and telephone-events, preferred first; of an answer those that both sides have.</param>
/// <param name="PacketTime">Milliseconds; null: not said.</param>
/// <param name="MaxPacketTime">Milliseconds; null: not said.</param>
internal sealed record PeerAudio(ImmutableArray<RtpFormat> Formats, MediaDirection Wish, int? PacketTime, int? MaxPacketTime)
{
    public static PeerAudio Of(MediaStream stream, ImmutableArray<RtpFormat> formats) =>
        new([.. formats.Where(f => !f.IsComfortNoise || !stream.IsSilenceUnwanted)], stream.Wish, stream.PacketTime, stream.MaxPacketTime);
}
