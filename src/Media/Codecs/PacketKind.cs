namespace Telephony.Media.Codecs;

/// <summary>What a packet of an audio stream holds; all share one row of sequence numbers.</summary>
internal enum PacketKind : byte
{
    Audio,

    /// <summary>RFC 3389: the sound of a pause, until more audio comes.</summary>
    ComfortNoise,

    /// <summary>A telephone-event or another thing without audio: only its sequence number counts.</summary>
    Other,
}
