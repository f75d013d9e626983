using System.Security.Cryptography;

namespace Telephony.Media.Srtp;

/// <summary>What one direction of SRTP starts from (RFC 3711 §4.3): the master key and master salt, as long as the suite says. Secret: never logged.</summary>
internal sealed record SrtpKeys(SrtpSuite Suite, byte[] Master, byte[] Salt)
{
    /// <summary>Bytes of the master key identifier in each packet of a peer that sends one (RFC 3711 §3.1); it is skipped, for there is one key.</summary>
    public int MkiLength { get; init; }

    /// <summary>New keys for what we send.</summary>
    public static SrtpKeys Create(SrtpSuite suite) =>
        new(suite, RandomNumberGenerator.GetBytes(suite.KeyLength()), RandomNumberGenerator.GetBytes(suite.SaltLength()));

    /// <summary>Overwrites the keys: nobody may need them any more.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(Master);
        CryptographicOperations.ZeroMemory(Salt);
    }

    /// <summary>The same suite and keys: an offer that repeats them goes on with its packets' numbers (RFC 4568 §7.1.4).</summary>
    public bool Equals(SrtpKeys? other) =>
        other is not null && Suite == other.Suite && MkiLength == other.MkiLength
        && CryptographicOperations.FixedTimeEquals(Master, other.Master) && CryptographicOperations.FixedTimeEquals(Salt, other.Salt);

    public override int GetHashCode() => (int)Suite;

    /// <summary>Without the keys.</summary>
    public override string ToString() => Suite.ToString();
}
