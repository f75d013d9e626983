using System.Security.Cryptography;

namespace Telephony.Configuration;

/// <summary>Random identifiers and passwords.</summary>
internal static class RandomText
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Lower = "abcdefghijkmnpqrstuvwxyz"; // without what is misread: l, o, 0, 1, I, O
    private const string Upper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "23456789";

    /// <summary>Opaque, and never changed: <c>t</c> and 60 random bits.</summary>
    public static string TenantId() => "t" + RandomNumberGenerator.GetString(Base32, 12);

    public static string KeyPrefix() => RandomNumberGenerator.GetString(Base32, 10);

    public static string SipPassword() => RandomNumberGenerator.GetString(Lower + Upper + Digits, 16);

    /// <summary>A password that keeps AUTH-21 to AUTH-24: 16 characters with each kind among them.</summary>
    public static string WebPassword()
    {
        var characters = (RandomNumberGenerator.GetString(Lower + Upper + Digits, 12) + RandomNumberGenerator.GetString(Lower, 1)
            + RandomNumberGenerator.GetString(Upper, 1) + RandomNumberGenerator.GetString(Digits, 1) + RandomNumberGenerator.GetString("?!#_.", 1)).ToCharArray();
        RandomNumberGenerator.Shuffle(characters.AsSpan());
        return new string(characters);
    }
}
