namespace Telephony.Sip.Tests.Dialogs;

public class TagMacTests
{
    private readonly TagMac _tags = new(new byte[32]);

    [Fact]
    public void What_was_signed_comes_back()
    {
        var tag = _tags.Sign("1.tenant.call.leg");

        Assert.StartsWith("1.tenant.call.leg.", tag, StringComparison.Ordinal);
        Assert.True(_tags.TryVerify(tag, out var payload));
        Assert.Equal("1.tenant.call.leg", payload);
        Assert.Equal(tag, NameAddress.Parse("<sip:a@b>;tag=" + tag).Tag);
    }

    [Fact]
    public void Any_other_character_anywhere_is_refused()
    {
        var tag = _tags.Sign("1.t.c.l");
        for (var at = 0; at < tag.Length; at++)
        {
            var other = tag.ToCharArray();
            other[at] = other[at] == 'x' ? 'y' : 'x';
            Assert.False(_tags.TryVerify(other, out _), new string(other));
            Assert.False(_tags.TryVerify(tag.AsSpan(0, at), out _));
        }

        Assert.False(new TagMac([.. new byte[31], 1]).TryVerify(tag, out _));
        Assert.False(_tags.TryVerify(new string('a', 10_000) + tag, out _));
    }

    [Fact]
    public void A_short_key_or_a_payload_that_is_no_token_is_a_mistake()
    {
        Assert.Throws<ArgumentException>(() => new TagMac(new byte[31]));
        Assert.Throws<ArgumentException>(() => _tags.Sign("a b"));
        Assert.Throws<ArgumentException>(() => _tags.Sign(""));
    }
}
