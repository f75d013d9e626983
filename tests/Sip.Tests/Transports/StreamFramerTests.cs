using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

public class StreamFramerTests
{
    [Fact]
    public void Every_cut_of_a_message_is_incomplete_until_it_is_whole()
    {
        byte[] message = [.. Bytes(Invite().Replace("Content-Length: 0", "Content-Length : 3", StringComparison.Ordinal)), .. "abc"u8];
        for (var length = 0; length < message.Length; length++)
        {
            Assert.Equal(StreamFramer.Frame.Incomplete, StreamFramer.Next(message.AsSpan(0, length), out _));
        }

        Assert.Equal(StreamFramer.Frame.Message, StreamFramer.Next(message, out var whole));
        Assert.Equal(message.Length, whole);
        Assert.Equal(StreamFramer.Frame.Message, StreamFramer.Next([.. message, .. message], out whole));
        Assert.Equal(message.Length, whole);
    }

    [Fact]
    public void What_never_ends_is_broken()
    {
        Assert.Equal(StreamFramer.Frame.Broken, StreamFramer.Next(new byte[70_000], out _));
        Assert.Equal(StreamFramer.Frame.Broken, StreamFramer.Next(Bytes(Invite().Replace("Length: 0", "Length: 65536", StringComparison.Ordinal)), out _));
    }
}
