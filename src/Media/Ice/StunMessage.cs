using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telephony.Media.Ice;

/// <summary>A STUN message (RFC 8489 §5): a view over the received bytes, valid while they are. Allocates nothing.</summary>
internal ref struct StunMessage
{
    /// <summary>A check is far below this; longer ones are nobody's.</summary>
    public const int MaxLength = 1024;

    private const int MaxUnknown = 4;

    private ReadOnlySpan<byte> _bytes;
    private int _integrity, _integritySha256; // where they start; 0: not there
    private ulong _unknown; // 16 bits each

    public ushort Type { get; private set; }

    public readonly ReadOnlySpan<byte> Transaction => _bytes.Slice(8, 12);

    public ReadOnlySpan<byte> Username { get; private set; }

    public uint Priority { get; private set; }

    /// <summary>USE-CANDIDATE: the controlling agent takes this pair (RFC 8445 §8.1.1).</summary>
    public bool IsNominating { get; private set; }

    /// <summary>ICE-CONTROLLED: the sender believes to be the controlled agent.</summary>
    public bool IsFromControlled { get; private set; }

    /// <summary>Integrity was made with SHA-256, and the answer's is to be.</summary>
    public readonly bool IsSha256 => _integritySha256 != 0;

    /// <summary>How many attributes that must be understood were not (§6.3.1), the first few kept.</summary>
    public int Unknown { get; private set; }

    public readonly ushort UnknownAt(int index) => (ushort)(_unknown >> (16 * index));

    /// <summary>False: it is no STUN, or does not fit in itself, or its fingerprint is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = new StunMessage { _bytes = datagram };
        if (datagram.Length is < Stun.HeaderLength or > MaxLength || datagram[0] > 0x3f) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != Stun.Cookie) return false;
        if (datagram.Length % 4 != 0 || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - Stun.HeaderLength) return false;

        message.Type = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        for (var at = Stun.HeaderLength; at < datagram.Length;)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            if (length > datagram.Length - at - 4) return false;
            if (!message.TryTake(type, at, datagram.Slice(at + 4, length))) return false;
            at += 4 + ((length + 3) & ~3);
        }

        return true;
    }

    /// <summary>Whether the sender knows this password (§14.5, §14.6), compared in constant time.</summary>
    public readonly bool HasIntegrity(ReadOnlySpan<byte> password)
    {
        var at = IsSha256 ? _integritySha256 : _integrity;
        if (at == 0) return false;

        // the length counts up to the end of this attribute
        int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes[(at + 2)..]);
        Span<byte> covered = stackalloc byte[MaxLength];
        covered = covered[..at];
        _bytes[..at].CopyTo(covered);
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], (ushort)(at + 4 + length - Stun.HeaderLength));
        Span<byte> hash = stackalloc byte[32];
        Hash(password, covered, IsSha256, hash);
        return CryptographicOperations.FixedTimeEquals(hash[..length], _bytes.Slice(at + 4, length));
    }

    public static void Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> covered, bool isSha256, Span<byte> hash)
    {
        if (isSha256) HMACSHA256.HashData(password, covered, hash);
#pragma warning disable CA5350 // what every peer sends (§14.5)
        else HMACSHA1.HashData(password, covered, hash);
#pragma warning restore CA5350
    }

    private bool TryTake(ushort type, int at, ReadOnlySpan<byte> value)
    {
        if (type == Stun.Fingerprint)
        {
            return value.Length == 4 && at + 8 == _bytes.Length && BinaryPrimitives.ReadUInt32BigEndian(value) == Stun.FingerprintOf(_bytes[..at]);
        }

        if (_integritySha256 != 0 || (_integrity != 0 && type != Stun.MessageIntegritySha256)) return true; // whoever put it there need not know the password
        switch (type)
        {
            case Stun.Username:
                Username = value;
                return true;
            case Stun.MessageIntegrity:
                _integrity = at;
                return value.Length == 20;
            case Stun.MessageIntegritySha256:
                _integritySha256 = at;
                return value.Length is >= 16 and <= 32 && value.Length % 4 == 0;
            case Stun.Priority:
                if (value.Length != 4) return false;
                Priority = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case Stun.UseCandidate:
                IsNominating = true;
                return true;
            case Stun.IceControlled:
                IsFromControlled = true;
                return value.Length == 8;
            default:
                if (type < 0x8000 && Unknown < MaxUnknown) _unknown |= (ulong)type << (16 * Unknown++);
                return true;
        }
    }
}
