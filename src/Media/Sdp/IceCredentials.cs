namespace Telephony.Media.Sdp;

/// <summary><c>a=ice-ufrag</c> and <c>a=ice-pwd</c> of one side (RFC 8839 §5.4).</summary>
internal sealed record IceCredentials(string Ufrag, string Password)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => Ufrag;
}
