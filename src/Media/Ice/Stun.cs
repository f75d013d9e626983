namespace Telephony.Media.Ice;

/// <summary>The numbers of STUN that ICE uses (RFC 8489 §18, RFC 8445 §16).</summary>
internal static class Stun
{
    public const int HeaderLength = 20;
    public const uint Cookie = 0x2112_a442, FingerprintMask = 0x5354_554e;

    public const ushort BindingRequest = 0x0001, BindingIndication = 0x0011, BindingSuccess = 0x0101, BindingError = 0x0111;

    public const ushort Username = 0x0006, MessageIntegrity = 0x0008, ErrorCode = 0x0009, UnknownAttributes = 0x000a, MessageIntegritySha256 = 0x001c,
        XorMappedAddress = 0x0020, Priority = 0x0024, UseCandidate = 0x0025, Fingerprint = 0x8028, IceControlled = 0x8029, IceControlling = 0x802a;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(i =>
    {
        var c = (uint)i;
        for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? (c >> 1) ^ 0xedb8_8320 : c >> 1;
        return c;
    })];

    /// <summary>The value of FINGERPRINT for what stands before it (§14.7).</summary>
    public static uint FingerprintOf(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var b in message) crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc ^ FingerprintMask;
    }
}
