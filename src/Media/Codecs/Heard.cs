namespace Telephony.Media.Codecs;

/// <summary>What a frame from the <see cref="JitterBuffer"/> is.</summary>
internal enum Heard
{
    /// <summary>Nothing: the frame is silence.</summary>
    Nothing,

    /// <summary>What the peer said, some of it perhaps made up.</summary>
    Audio,

    /// <summary>All made up, for the packet is lost or late.</summary>
    Concealed,

    /// <summary>A pause of the peer's (RFC 3389).</summary>
    ComfortNoise,
}
