using System.Collections.Immutable;
using Telephony.Grains.Extensions;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>The technical side of a leg: what is needed to send on it, and to end it after a restart.</summary>
/// <param name="Tag">Our tag of its dialog.</param>
/// <param name="Flow">Where its peer is reached: where the last request or response came from.</param>
/// <param name="Transaction">The transaction of the INVITE that began it: of a server for the caller's leg, of a client for the others.</param>
/// <param name="Invite">That INVITE, as received or as sent.</param>
/// <param name="Dialog">Null until the peer's first response with a tag.</param>
public sealed record SipLeg(int Number, string Tag, string MediaLeg, SipFlow Flow, string Transaction, SipRequest Invite, Dialog? Dialog)
{
    /// <summary>Other ways to the same phone, for an INVITE whose flow fails.</summary>
    public ImmutableArray<RingTarget> Others { get; init; } = [];

    /// <summary>Where the offers and answers of its dialog are.</summary>
    public OfferAnswer Session { get; init; } = OfferAnswer.None;

    /// <summary>Its session timer, from the answer on (RFC 4028).</summary>
    public SessionTimer? Timer { get; init; }

    /// <summary>The peer's last description that holds: what it answered, or offered and was answered.</summary>
    public ReadOnlyMemory<byte> Described { get; init; }

    /// <summary>Whether the peer said that it takes UPDATE.</summary>
    public bool AllowsUpdate { get; init; }

    /// <summary>With what a message of the peer says of itself.</summary>
    public SipLeg Knowing(SipMessage message) =>
        message.Headers("Allow") is { Count: > 0 } allowed ? this with { AllowsUpdate = allowed.Contains(SipMethod.Update.Name) } : this;
}
