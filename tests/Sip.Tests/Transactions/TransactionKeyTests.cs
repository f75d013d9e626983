using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transactions;

public class TransactionKeyTests
{
    private static UInt128 Key(string text, string method = "INVITE")
    {
        Assert.True(TransactionKey.TryMake(Request(text), System.Text.Encoding.ASCII.GetBytes(method), out var key));
        return key;
    }

    [Theory] // vectors_sip128 of the reference implementation
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(15, "5493e99933b0a8117e08ec0f97cfc3d9")]
    public void The_hash_is_siphash(int length, string expected)
    {
        var hash = new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
        hash.Add(Enumerable.Range(0, length).Select(number => (byte)number).ToArray());
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash.Finish());

        Assert.Equal(expected, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Branch_sent_by_and_method_make_the_key()
    {
        Assert.Equal(Key(Invite()), Key(Invite(callId: "other", fromTag: "other")));
        Assert.Equal(Key(Invite()), Key(Invite(method: "ACK")));
        Assert.NotEqual(Key(Invite()), Key(Invite("z9hG4bK2")));
        Assert.NotEqual(Key(Invite()), Key(Invite().Replace("192.0.2.1:5060;branch", "192.0.2.1:5061;branch", StringComparison.Ordinal)));
        Assert.NotEqual(Key(Invite()), Key(Invite(), "CANCEL"));
    }

    [Fact]
    public void A_branch_that_is_the_cookie_alone_does_not_match_others()
    {
        Assert.NotEqual(Key(Invite("z9hG4bK")), Key(Invite("z9hG4bK", callId: "other")));
        Assert.Equal(Key(Invite("z9hG4bK")), Key(Invite("z9hG4bK", method: "ACK", toTag: "x")));
    }

    [Fact]
    public void A_name_is_read_as_it_was_written()
    {
        var key = Key(Invite());
        Assert.True(TransactionKey.TryReadName(TransactionKey.Name(77, key), out var run, out var read));
        Assert.Equal((77u, key), (run, read));
        Assert.False(TransactionKey.TryReadName("nonsense", out _, out _));
    }
}
