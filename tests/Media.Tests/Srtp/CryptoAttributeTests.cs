using System.Buffers;
using System.Text;

namespace Telephony.Media.Srtp;

public sealed class CryptoAttributeTests
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    public static TheoryData<string, int?> Values => new()
    {
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}", 0 },
        { $"1 AES_CM_128_HMAC_SHA1_32 inline:{Key}|2^20", 0 },
        { $"2 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4", 4 },
        { $"2 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1066:4", 4 },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20 FEC_ORDER=FEC_SRTP WSH=64 -future", 0 },
        { "1 AEAD_AES_256_GCM inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTJhYmNkZWZnaGlqa2w=", 0 },
        { "1 AEAD_AES_256_GCM inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTJhYmNkZWZnaGlqa2w", 0 },
        { "1 AEAD_AES_128_GCM inline:MTIzNDU2Nzg5MDEyMzQ1NmFiY2RlZmdoaWprbA==", 0 },
        { $"1 F8_128_HMAC_SHA1_80 inline:{Key}", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}AAAA", null }, // too long a key
        { "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA", null },
        { "1 AES_CM_128_HMAC_SHA1_80 inline:!!!!", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 {Key}", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4;inline:{Key}|2^20|2:4", null }, // two keys
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1:129", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1:x", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNENCRYPTED_SRTP", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNAUTHENTICATED_SRTP", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} KDR=16", null },
        { $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} FUTURE=1", null },
        { $"x AES_CM_128_HMAC_SHA1_80 inline:{Key}", null },
        { $"1234567890 AES_CM_128_HMAC_SHA1_80 inline:{Key}", null },
        { "1 AES_CM_128_HMAC_SHA1_80", null },
        { "1", null },
        { "", null },
    };

    [Theory, MemberData(nameof(Values)), Trait("RFC", "4568 9.1")]
    public void A_value_is_read_or_refused(string value, int? mki)
    {
        Assert.Equal(mki is not null, CryptoAttribute.TryParse(Encoding.ASCII.GetBytes(value), out var crypto));
        Assert.Equal(mki, crypto?.Keys.MkiLength);
    }

    [Theory, MemberData(nameof(SrtpTests.Suites), MemberType = typeof(SrtpTests)), Trait("RFC", "4568 9.1")]
    public void What_is_written_is_read_again(int suite)
    {
        var crypto = new CryptoAttribute(3, SrtpKeys.Create((SrtpSuite)suite));
        var written = new ArrayBufferWriter<byte>();
        crypto.Write(written);

        Assert.True(CryptoAttribute.TryParse(written.WrittenSpan, out var read));
        Assert.Equal(crypto, read);
        for (var length = 0; length < written.WrittenCount - 2; length++) Assert.False(CryptoAttribute.TryParse(written.WrittenSpan[..length], out _)); // the last two may be padding
    }

    [Fact]
    public void A_key_is_in_no_text()
    {
        Assert.True(CryptoAttribute.TryParse(Encoding.ASCII.GetBytes($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}"), out var crypto));

        Assert.DoesNotContain("WVNf", crypto!.ToString(), StringComparison.Ordinal);
    }
}
