using System.Buffers;

namespace Telephony.Sip;

/// <summary>
/// Where messages of streams gather until they are whole (RFC 3261 §18.3). A connection may always have a first buffer, which nearly every message fits into; what larger ones
/// take together is bounded, so that strangers who begin long messages and leave them take no more memory than that, and nothing from those who send short ones.
/// </summary>
internal sealed class ReceiveBuffers(long maxBytes)
{
    /// <summary>The size of a first buffer.</summary>
    public const int First = 4096;

    private long _bytes;

    /// <summary>In larger buffers.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public static byte[] Rent() => ArrayPool<byte>.Shared.Rent(First);

    /// <summary>Makes room for more.</summary>
    /// <param name="buffer">Is given back, unless this fails.</param>
    /// <returns>False when larger ones take all that they may.</returns>
    public bool TryGrow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        if (Interlocked.Add(ref _bytes, larger.Length) > maxBytes)
        {
            Return(larger);
            return false;
        }

        buffer.CopyTo(larger, 0);
        Return(buffer);
        buffer = larger;
        return true;
    }

    public void Return(byte[] buffer)
    {
        if (buffer.Length == 0) return;
        if (buffer.Length > First) Interlocked.Add(ref _bytes, -buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
