using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Telephony.Sip;

/// <summary>What waits to be written to a connection : messages in order, bounded in bytes. Any thread adds; one writes.</summary>
internal sealed class SendQueue(int maxBytes)
{
    private readonly Channel<ReadOnlyMemory<byte>> _messages = System.Threading.Channels.Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new() { SingleReader = true });
    private int _bytes;

    /// <returns>False when it is full or complete.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> message, out bool isFull)
    {
        isFull = Interlocked.Add(ref _bytes, message.Length) > maxBytes;
        if (!isFull) return _messages.Writer.TryWrite(message);

        Interlocked.Add(ref _bytes, -message.Length);
        return false;
    }

    /// <summary>Takes no more. What waits is written yet.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    /// <summary>Writes until it is complete and empty.</summary>
    public async Task Write(Func<ReadOnlyMemory<byte>, ValueTask> send, Counter<long> sent)
    {
        await foreach (var message in _messages.Reader.ReadAllAsync())
        {
            await send(message);
            Interlocked.Add(ref _bytes, -message.Length);
            sent.Add(1);
        }
    }
}
