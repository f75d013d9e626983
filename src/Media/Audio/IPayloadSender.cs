using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>Sends what an audio thread has made for a leg's peer: <see cref="OutboundStream"/>. Used by one thread at a time.</summary>
internal interface IPayloadSender
{
    /// <summary>Percent of its packets that the peer loses, as it reports (RFC 3550 §6.4.1).</summary>
    int ExpectedLoss { get; }

    /// <summary>The sender has fed this stream before others did, or never: the next packet's timestamp follows the last one's by the time that has passed.</summary>
    /// <param name="clock">Hertz of the timestamps.</param>
    void Resume(int clock, long now);

    /// <param name="timestampStep">After the last packet's timestamp; 0: the same moment.</param>
    /// <param name="now">The time provider's timestamp.</param>
    /// <param name="traffic">Of the calling thread.</param>
    SendResult Send(ReadOnlySpan<byte> payload, byte payloadType, uint timestampStep, bool marker, long now, Traffic traffic);
}
