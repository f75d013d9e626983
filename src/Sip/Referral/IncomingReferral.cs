namespace Telephony.Sip;

/// <summary>A REFER that we took on (RFC 3515 §2.4), as plain data. See <see cref="Referral"/>.</summary>
/// <param name="Target">Whom to call.</param>
/// <param name="By">Who asks for it, to be passed on (RFC 3892 §2.1); null when it is not said.</param>
/// <param name="Subscription">The one that the REFER made; null when its sender wants none (RFC 4488) or has it no more.</param>
/// <param name="Last">How far it has come.</param>
[GenerateSerializer, Immutable]
public sealed record IncomingReferral(
    [property: Id(0)] ReferTo Target, [property: Id(1)] ReferredBy? By, [property: Id(2)] NotifierSubscription? Subscription, [property: Id(3)] SipFragment Last);
