using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Telephony.Media.Srtp;

/// <summary>The value of <c>a=crypto</c> (RFC 4568 §9.1): <c>1 AES_CM_128_HMAC_SHA1_80 inline:WVNf..</c>.</summary>
/// <param name="Tag">The answer repeats the tag of the offer that it takes (§5.1.2).</param>
internal sealed record CryptoAttribute(int Tag, SrtpKeys Keys)
{
    private const int MaxMki = 128;

    /// <summary>
    /// False: malformed, or it asks for what we don't do: another suite, several keys, a key derivation rate, packets that are not encrypted or not authenticated, or a session
    /// parameter that we don't know (§6.3.7). A lifetime is passed over: no call lasts 2^31 packets. A master key identifier is skipped in the peer's packets.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out CryptoAttribute? crypto)
    {
        crypto = null;
        if (!TryTake(ref value, (byte)' ', out var field) || !Utf8Parser.TryParse(field, out int tag, out var read) || read != field.Length || read > 9 || tag < 0) return false;
        if (!TryTake(ref value, (byte)' ', out field) || SrtpSuites.Find(field) is not { } suite) return false;
        if (!TryTake(ref value, (byte)' ', out field) || !TryParseKeys(field, suite, out var keys)) return false;
        while (TryTake(ref value, (byte)' ', out field))
        {
            if (field[0] != '-' && !field.StartsWith("WSH="u8) && !field.StartsWith("FEC_ORDER="u8) && !field.SequenceEqual("KDR=0"u8)) return false;
        }

        crypto = new CryptoAttribute(tag, keys);
        return true;
    }

    /// <summary>Writes it as it is read; without a master key identifier, for there is one key.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        Utf8Formatter.TryFormat(Tag, to.GetSpan(11), out var written);
        to.Advance(written);
        to.Write(" "u8);
        to.Write(Keys.Suite.Name());
        to.Write(" inline:"u8);

        Span<byte> keys = stackalloc byte[Keys.Master.Length + Keys.Salt.Length];
        Keys.Master.CopyTo(keys);
        Keys.Salt.CopyTo(keys[Keys.Master.Length..]);
        Base64.EncodeToUtf8(keys, to.GetSpan(Base64.GetMaxEncodedToUtf8Length(keys.Length)), out _, out written);
        to.Advance(written);
        CryptographicOperations.ZeroMemory(keys);
    }

    // inline:<master key and salt> ["|" lifetime] ["|" MKI ":" length]
    private static bool TryParseKeys(ReadOnlySpan<byte> field, SrtpSuite suite, [NotNullWhen(true)] out SrtpKeys? keys)
    {
        keys = null;
        if (!field.StartsWith("inline:"u8)) return false;
        var rest = field["inline:"u8.Length..];
        if (!TryTake(ref rest, (byte)'|', out var text)) return false;

        Span<byte> bytes = stackalloc byte[64];
        var length = suite.KeyLength() + suite.SaltLength();
        if (text.Length > 64 || !TryDecode(text, bytes, out var decoded) || decoded != length) return false;

        var mki = 0;
        while (TryTake(ref rest, (byte)'|', out var parameter))
        {
            var colon = parameter.IndexOf((byte)':');
            if (colon < 0) continue; // the lifetime
            var number = parameter[(colon + 1)..];
            if (mki != 0 || !Utf8Parser.TryParse(number, out mki, out var read) || read != number.Length || mki is < 1 or > MaxMki) return false;
        }

        keys = new SrtpKeys(suite, bytes[..suite.KeyLength()].ToArray(), bytes[suite.KeyLength()..length].ToArray()) { MkiLength = mki };
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    // some phones leave the padding away
    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes, out int length)
    {
        text = text.TrimEnd((byte)'=');
        Span<byte> padded = stackalloc byte[68];
        text.CopyTo(padded);
        padded[text.Length..].Fill((byte)'=');
        return Base64.DecodeFromUtf8(padded[..((text.Length + 3) / 4 * 4)], bytes, out _, out length) == OperationStatus.Done;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, byte separator, out ReadOnlySpan<byte> field)
    {
        rest = rest.TrimStart(separator);
        var end = rest.IndexOf(separator);
        field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return !field.IsEmpty;
    }
}
