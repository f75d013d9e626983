using System.Buffers.Binary;

namespace Telephony.Media.Ice;

/// <summary>Writes a STUN message (RFC 8489 §5) into a buffer that is large enough: an answer of ours has less than 200 bytes. Allocates nothing.</summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;

    public StunWriter(Span<byte> buffer, ushort type, ReadOnlySpan<byte> transaction)
    {
        _buffer = buffer;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], Stun.Cookie);
        transaction.CopyTo(buffer[8..]);
        Length = Stun.HeaderLength;
    }

    public int Length { get; private set; }

    public void Add(ushort type, scoped ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], type);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(Length + 2)..], (ushort)value.Length);
        value.CopyTo(_buffer[(Length + 4)..]);
        var padded = (value.Length + 3) & ~3;
        _buffer.Slice(Length + 4 + value.Length, padded - value.Length).Clear();
        Length += 4 + padded;
    }

    /// <param name="source">A <c>struct sockaddr_in</c> or <c>sockaddr_in6</c> (§14.2).</param>
    public void AddXorMappedAddress(scoped ReadOnlySpan<byte> source)
    {
        var isV6 = source.Length > 16;
        Span<byte> value = stackalloc byte[isV6 ? 20 : 8];
        (value[0], value[1]) = (0, (byte)(isV6 ? 2 : 1));
        source.Slice(2, 2).CopyTo(value[2..]);
        source.Slice(isV6 ? 8 : 4, isV6 ? 16 : 4).CopyTo(value[4..]);
        (value[2], value[3]) = ((byte)(value[2] ^ _buffer[4]), (byte)(value[3] ^ _buffer[5]));
        for (var i = 4; i < value.Length; i++) value[i] ^= _buffer[i]; // cookie and transaction
        Add(Stun.XorMappedAddress, value);
    }

    public void AddError(int code, scoped ReadOnlySpan<byte> reason)
    {
        Span<byte> value = stackalloc byte[4 + reason.Length];
        (value[0], value[1], value[2], value[3]) = (0, 0, (byte)(code / 100), (byte)(code % 100));
        reason.CopyTo(value[4..]);
        Add(Stun.ErrorCode, value);
    }

    /// <summary>Ends the message with integrity and fingerprint.</summary>
    public void End(scoped ReadOnlySpan<byte> password, bool isSha256)
    {
        Span<byte> hash = stackalloc byte[isSha256 ? 32 : 20];
        SetLength(4 + hash.Length);
        StunMessage.Hash(password, _buffer[..Length], isSha256, hash);
        Add(isSha256 ? Stun.MessageIntegritySha256 : Stun.MessageIntegrity, hash);

        Span<byte> fingerprint = stackalloc byte[4];
        SetLength(8);
        BinaryPrimitives.WriteUInt32BigEndian(fingerprint, Stun.FingerprintOf(_buffer[..Length]));
        Add(Stun.Fingerprint, fingerprint);
    }

    private readonly void SetLength(int more) => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(Length + more - Stun.HeaderLength));
}
