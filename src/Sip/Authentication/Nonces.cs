using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip;

/// <summary>
/// Nonces without a memory: time, a serial number, and a MAC over both and the realm (RFC 7616 §3.3). Only a process knows its own; after a restart
/// the old ones are stale.
/// </summary>
internal sealed class Nonces(TimeProvider clock, TimeSpan lifetime)
{
    private const int Bytes = 8 + 8 + 14;
    private const int Characters = 40;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private long _serial = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public string Make(string realm)
    {
        Span<byte> nonce = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, clock.GetUtcNow().ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(nonce[8..], Interlocked.Increment(ref _serial));
        Mac(nonce[..16], realm, nonce[16..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <summary>Whether we made it, for this realm, not longer ago than its lifetime.</summary>
    public bool IsFresh(ReadOnlySpan<byte> text, string realm, out long serial, out long madeAt)
    {
        serial = madeAt = 0;
        Span<byte> nonce = stackalloc byte[Bytes];
        Span<byte> mac = stackalloc byte[Bytes - 16];
        if (text.Length != Characters || Base64Url.DecodeFromUtf8(text, nonce, out _, out var written) != System.Buffers.OperationStatus.Done || written != Bytes)
        {
            return false;
        }

        Mac(nonce[..16], realm, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, nonce[16..])) return false;

        madeAt = BinaryPrimitives.ReadInt64BigEndian(nonce);
        serial = BinaryPrimitives.ReadInt64BigEndian(nonce[8..]);
        return clock.GetUtcNow().ToUnixTimeMilliseconds() - madeAt <= lifetime.TotalMilliseconds;
    }

    private void Mac(ReadOnlySpan<byte> head, string realm, Span<byte> mac)
    {
        Span<byte> input = stackalloc byte[16 + 256];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        head.CopyTo(input);
        Encoding.UTF8.TryGetBytes(realm, input[16..], out var length);
        HMACSHA256.HashData(_key, input[..(16 + length)], hash);
        hash[..mac.Length].CopyTo(mac);
    }
}
