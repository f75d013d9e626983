namespace Telephony.Media.Srtp;

/// <summary>How SRTP encrypts and authenticates: RFC 4568 §6.2, and for GCM RFC 7714 §14.2.</summary>
internal enum SrtpSuite { AesCm128HmacSha1_80, AesCm128HmacSha1_32, AeadAes128Gcm, AeadAes256Gcm }

/// <summary>What a suite's name stands for.</summary>
internal static class SrtpSuites
{
    /// <summary>Bytes of the master key.</summary>
    public static int KeyLength(this SrtpSuite suite) => suite == SrtpSuite.AeadAes256Gcm ? 32 : 16;

    /// <summary>Bytes of the master salt.</summary>
    public static int SaltLength(this SrtpSuite suite) => suite.IsGcm() ? 12 : 14;

    public static bool IsGcm(this SrtpSuite suite) => suite is SrtpSuite.AeadAes128Gcm or SrtpSuite.AeadAes256Gcm;

    /// <summary>As in <c>a=crypto</c>.</summary>
    public static ReadOnlySpan<byte> Name(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AesCm128HmacSha1_80 => "AES_CM_128_HMAC_SHA1_80"u8,
        SrtpSuite.AesCm128HmacSha1_32 => "AES_CM_128_HMAC_SHA1_32"u8,
        SrtpSuite.AeadAes128Gcm => "AEAD_AES_128_GCM"u8,
        _ => "AEAD_AES_256_GCM"u8,
    };

    /// <summary>Null: a suite that we don't have.</summary>
    public static SrtpSuite? Find(ReadOnlySpan<byte> name)
    {
        for (var suite = SrtpSuite.AesCm128HmacSha1_80; suite <= SrtpSuite.AeadAes256Gcm; suite++)
        {
            if (name.SequenceEqual(suite.Name())) return suite;
        }

        return null;
    }
}
