using Telephony.Grains.Calls.History;

namespace Telephony.Grains.Tests.Calls.History;

public sealed class CallCursorTests
{
    [Fact]
    public void A_cursor_says_what_it_was_made_of()
    {
        var cursor = new CallCursor(new(2026, 11, 20, 9, 30, 0, 123, 456, TimeSpan.Zero), Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(56)));

        Assert.True(CallCursor.TryParse(cursor.ToString(), out var read));

        Assert.Equal(cursor, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("AAAAAAAAAAAAAAAA AAAAAAAAAAAAAAA")]
    [InlineData("_wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("f_________AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' or 1=1; drop table calls; --  ")]
    public void Nonsense_is_no_cursor(string text) => Assert.False(CallCursor.TryParse(text, out _));
}
