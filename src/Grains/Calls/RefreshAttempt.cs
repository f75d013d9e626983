using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>A session refresh of ours that waits for its answer. See <see cref="SessionRefresh"/>.</summary>
public sealed record RefreshAttempt(string Transaction, int Leg, SipRequest Request);
