namespace Telephony.Sip;

/// <summary>A username and password that we answer challenges with (RFC 3261 §22.2).</summary>
/// <param name="Realm">The realm that they are for; null for any.</param>
[GenerateSerializer, Immutable]
public sealed record DigestAccount([property: Id(0)] string Username, [property: Id(1)] string Password, [property: Id(2)] string? Realm = null)
{
    public override string ToString() => Username; // a secret stays out of logs
}
