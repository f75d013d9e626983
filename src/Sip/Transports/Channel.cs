using System.Net;

namespace Telephony.Sip;

/// <summary>The way to one peer: a UDP address, or a connection. Thread-safe.</summary>
internal abstract class Channel(IPEndPoint remote)
{
    public IPEndPoint Remote => remote;

    public abstract SipFlow Flow { get; }

    public bool IsReliable => Flow.Transport != SipTransport.Udp;

    /// <summary>Who the peer is to the defence.</summary>
    public ulong Source { get; } = SourceKey.Of(remote.Address);

    /// <summary>Whether messages can be sent.</summary>
    public virtual bool IsOpen => true;

    /// <summary>The way of the answers to a request that came by this one (RFC 3261 §18.2.2), with the same <see cref="Flow"/>.</summary>
    /// <param name="topVia">The request's.</param>
    public virtual Channel Back(ReadOnlySpan<byte> topVia) => this;

    /// <summary>Sends a message, or queues it. The bytes must not change.</summary>
    /// <returns>False when nothing can be sent here (any more).</returns>
    public abstract bool TrySend(ReadOnlyMemory<byte> message);

    /// <summary>As the other, with bytes that may change afterwards.</summary>
    public virtual bool TrySend(ReadOnlySpan<byte> message) => TrySend((ReadOnlyMemory<byte>)message.ToArray());

    /// <summary>Asks that the transaction is told when the connection breaks.</summary>
    public virtual void Watch(ClientTransaction transaction)
    {
    }

    public virtual void Unwatch(ClientTransaction transaction)
    {
    }
}
