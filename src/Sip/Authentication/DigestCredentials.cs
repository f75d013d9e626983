namespace Telephony.Sip;

/// <summary>What is kept of a password: H(username:realm:password) in hex (RFC 7616 §3.4.2), for each hash that the user may answer with.</summary>
[GenerateSerializer, Immutable]
public sealed record DigestCredentials([property: Id(0)] string? Md5, [property: Id(1)] string? Sha256)
{
    public override string ToString() => nameof(DigestCredentials); // a secret stays out of logs
}
