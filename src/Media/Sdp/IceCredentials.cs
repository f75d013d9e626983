using System.Security.Cryptography;

namespace Telephony.Media.Sdp;

/// <summary><c>a=ice-ufrag</c> and <c>a=ice-pwd</c> of one side (RFC 8839 §5.4).</summary>
internal sealed record IceCredentials(string Ufrag, string Password)
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Some that nobody knows: 48 bits to tell sessions apart, 144 bits as a secret.</summary>
    public static IceCredentials New() => new(RandomNumberGenerator.GetString(Characters, 8), RandomNumberGenerator.GetString(Characters, 24));

    /// <summary>Null: one is not there or not well formed.</summary>
    public static IceCredentials? Parse(string? ufrag, string? password) =>
        ufrag?.Length is >= 4 and <= 256 && password?.Length is >= 22 and <= 256 && ufrag.All(IsIce) && password.All(IsIce) ? new(ufrag, password) : null;

    /// <summary>Without the password.</summary>
    public override string ToString() => Ufrag;

    private static bool IsIce(char c) => c is > ' ' and < (char)0x7f and not ':'; // a ':' parts the two names in STUN
}
