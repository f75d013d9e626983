using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip.Tests.Authentication;

public class Md5Tests
{
    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void The_examples_of_RFC_1321(string text, string hash) => Assert.Equal(hash, Hash(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void It_is_the_platforms_at_every_length()
    {
        var data = Enumerable.Range(0, 300).Select(at => (byte)(at * 37)).ToArray();
#pragma warning disable CA5351 // what phones answer with
        for (var length = 0; length <= data.Length; length++) Assert.Equal(Convert.ToHexStringLower(MD5.HashData(data.AsSpan(0, length))), Hash(data[..length]));
#pragma warning restore CA5351
    }

    private static string Hash(byte[] data)
    {
        Span<byte> hash = stackalloc byte[Md5.HashSize];
        Md5.Hash(data, hash);
        return Convert.ToHexStringLower(hash);
    }
}
