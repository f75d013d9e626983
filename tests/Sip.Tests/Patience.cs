using System.Net.Sockets;
using System.Text;

namespace Telephony.Sip.Tests;

/// <summary>Waits on sockets of a test that end: what does not come makes the test fail, and not hang.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Longest, TimeProvider.System);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().Soon();

    public static Task Soon(this Task task) => task.WaitAsync(Longest, TimeProvider.System);

    public static Task Soon(this ValueTask task) => task.AsTask().Soon();

    /// <summary>The next peer that connects.</summary>
    public static Task<Socket> Accept(this TcpListener listener) => listener.AcceptSocketAsync().Soon();

    /// <summary>The next whole message of a stream.</summary>
    public static async Task<string> Message(this Socket peer)
    {
        var buffer = new byte[65536];
        var length = 0;
        while (StreamFramer.Next(buffer.AsSpan(0, length), out _) != StreamFramer.Frame.Message)
        {
            var read = await peer.ReceiveAsync(buffer.AsMemory(length)).Soon();
            Assert.NotEqual(0, read);
            length += read;
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
