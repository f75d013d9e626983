using System.Text;

namespace Telephony.Sip.Tests.Authentication;

public class Sha512256Tests
{
    [Theory] // FIPS 180-4's example, and lengths around the block's
    [InlineData("abc", 1, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")]
    [InlineData("a", 0, "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a")]
    [InlineData("a", 111, "0239e429f98d0ed61ee8e2a7c30afe98c1c3a80ce5dff62a107e9c538f7632ce")]
    [InlineData("a", 112, "9216b5303edb66504570bee90e48ea5beaa5e9fe9f760bbd3e0460559fc005f6")]
    [InlineData("a", 300, "19f6f40dff1362d4798293b101b08b0e7d6ca4748780c164701ecce2412e3d17")]
    public void The_hash_is_that_of_the_standard(string text, int times, string expected)
    {
        var hash = new byte[Sha512256.HashSizeInBytes];

        Sha512256.HashData(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times))), hash);

        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }
}
