namespace Telephony.Sip;

/// <summary>Who calls, as far as it can be believed.</summary>
/// <param name="Shown">What the called party sees, when nothing is hidden.</param>
/// <param name="Tel">The number besides, when the identity was asserted with both (RFC 3325 §9.1); null otherwise.</param>
/// <param name="Privacy">What is to be hidden.</param>
/// <param name="IsAsserted">Somebody who is trusted vouches for it; else it is what the caller says.</param>
[GenerateSerializer, Immutable]
public sealed record CallerIdentity(
    [property: Id(0)] PartyIdentity Shown, [property: Id(1)] PartyIdentity? Tel, [property: Id(2)] PrivacyKinds Privacy, [property: Id(3)] bool IsAsserted)
{
    /// <summary>Whether those who are not trusted must not see it: <c>id</c>, <c>user</c> or <c>header</c>, unless <c>none</c> forbids to hide anything (RFC 3323 §4.2).</summary>
    public bool IsHidden => (Privacy & PrivacyKinds.None) == 0 && (Privacy & (PrivacyKinds.Id | PrivacyKinds.User | PrivacyKinds.Header)) != 0;
}
