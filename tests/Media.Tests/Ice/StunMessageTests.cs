namespace Telephony.Media.Ice;

public sealed class StunMessageTests
{
    private static readonly byte[] Request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae" + "802200105354554e207465737420636c69656e74" + "002400046e0001ff" + "80290008932ff9b151263b36" + "000600096576746a3a68367659202020"
        + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004e57a3bcf");

    private static readonly byte[] Response = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae" + "8022000b7465737420766563746f7220" + "002000080001a147e112a643" + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7" + "80280004c07d4c96");

    [Fact, Trait("RFC", "5769 2.1")]
    public void The_sample_request_is_read()
    {
        Assert.True(StunMessage.TryParse(Request, out var message));

        Assert.Equal(Stun.BindingRequest, message.Type);
        Assert.Equal("evtj:h6vY"u8, message.Username);
        Assert.Equal(0x6e0001ffu, message.Priority);
        Assert.True(message.IsFromControlled);
        Assert.False(message.IsNominating);
        Assert.True(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8));
        Assert.False(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBu"u8));
    }

    [Fact, Trait("RFC", "5769 2.2")]
    public void The_sample_responses_address_is_written()
    {
        Assert.True(StunMessage.TryParse(Response, out var message));
        Assert.True(message.HasIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8));
        var written = new byte[100];
        var writer = new StunWriter(written, Stun.BindingSuccess, message.Transaction);

        writer.AddXorMappedAddress(Checks.Address("192.0.2.1", 32853));

        Assert.Equal(Response[36..48], written[20..32]);
    }

    [Fact, Trait("RFC", "8489 14.5")]
    public void What_stands_behind_the_integrity_is_nobodys()
    {
        var check = Checks.Check();
        var nominating = new byte[check.Length + 4];
        check.AsSpan(0, check.Length - 8).CopyTo(nominating);
        (nominating[^11], nominating[3]) = (0x25, (byte)(check[3] + 4 - 8)); // USE-CANDIDATE in place of the fingerprint

        Assert.True(StunMessage.TryParse(nominating.AsSpan(0, nominating.Length - 8), out var message));
        Assert.False(message.IsNominating);
        Assert.True(message.HasIntegrity("our-password-of-24-chars"u8));
    }
}
