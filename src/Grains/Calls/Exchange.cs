using System.Text.Json.Serialization;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>A request within the call of one party that went on to the other one, and waits for their answer. See <see cref="Renegotiation"/>.</summary>
/// <param name="Input">What <paramref name="From"/> asked.</param>
/// <param name="Request">What we asked <paramref name="To"/>, in the client transaction <paramref name="Transaction"/>.</param>
public sealed record Exchange(int From, int To, SipRequestReceived Input, string Transaction, SipRequest Request)
{
    /// <summary>The party that asked has its 200, and we have not its ACK.</summary>
    public bool IsAnswered { get; init; }

    [JsonIgnore]
    public bool OfferIsLate => Input.Request.Sdp().IsEmpty;

    [JsonIgnore]
    public bool AsksByInvite => Input.Request.Method == SipMethod.Invite;

    [JsonIgnore]
    public bool GoesByInvite => Request.Method == SipMethod.Invite;
}
