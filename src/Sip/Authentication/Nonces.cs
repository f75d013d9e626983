using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip;

/// <summary>
/// Nonces without a memory: time, a serial number, and a MAC (SipHash) over both and the realm (RFC 7616 §3.3). Only a process knows its own; after a restart
/// the old ones are stale.
/// </summary>
internal sealed class Nonces(TimeProvider clock, TimeSpan lifetime)
{
    private const int Bytes = 8 + 8 + 14;
    /// <summary>The length of a nonce.</summary>
    public const int Characters = 40;

    private readonly ulong _key0 = Random(), _key1 = Random();
    private long _serial = (long)Random();

    public void Make(string realm, Span<byte> text)
    {
        Span<byte> nonce = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, clock.GetUtcNow().ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(nonce[8..], Interlocked.Increment(ref _serial));
        Mac(nonce[..16], realm, nonce[16..]);
        Base64Url.TryEncodeToUtf8(nonce, text, out _);
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
        Span<byte> text = stackalloc byte[256], hash = stackalloc byte[16];
        Encoding.UTF8.TryGetBytes(realm, text, out var length);
        var sip = new SipHash(_key0, _key1);
        sip.Add(head);
        sip.Add(text[..length]);
        BinaryPrimitives.WriteUInt128LittleEndian(hash, sip.Finish());
        hash[..mac.Length].CopyTo(mac);
    }

    private static ulong Random() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
}
