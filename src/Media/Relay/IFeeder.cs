namespace Telephony.Media.Relay;

/// <summary>
/// What gives a leg's peer its packets: at most one at a time for each <see cref="OutboundStream"/>. <see cref="Topology"/> takes the old one away, lets all threads
/// pass by and only then attaches the new one, so the stream needs no lock.
/// </summary>
internal interface IFeeder
{
    /// <summary>It may use the stream from now on. Under the node's lock.</summary>
    void Attach();

    /// <summary>It is to stop; its thread may still be using the stream until it has passed by (<see cref="IQuiescent"/>). Under the node's lock.</summary>
    void Detach();
}
