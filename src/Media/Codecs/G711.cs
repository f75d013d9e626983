namespace Telephony.Media.Codecs;

/// <summary>ITU-T G.711's two laws as tables, with the rounding of ITU-T G.191's reference code: a negative sample is taken as its one's complement.</summary>
internal sealed class G711
{
    private readonly short[] _decoded = new short[256];
    private readonly byte[] _encoded; // by the sample's high bits, as many as the law tells apart
    private readonly int _shift;

    private G711(int shift, Func<byte, short> decode, Func<int, byte> encode)
    {
        _shift = shift;
        _encoded = new byte[1 << (16 - shift)];
        for (var code = 0; code < 256; code++) _decoded[code] = decode((byte)code);
        for (var high = 0; high < _encoded.Length; high++) _encoded[high] = encode((short)(high << shift));
    }

    /// <summary>µ-law: 14-bit samples, all bits inverted on the line.</summary>
    public static G711 MuLaw { get; } = new(2, DecodeMuLaw, EncodeMuLaw);

    /// <summary>A-law: 13-bit samples, even bits inverted on the line.</summary>
    public static G711 ALaw { get; } = new(4, DecodeALaw, EncodeALaw);

    public void Encode(ReadOnlySpan<short> samples, Span<byte> codes)
    {
        for (var i = 0; i < samples.Length; i++) codes[i] = _encoded[(ushort)samples[i] >> _shift];
    }

    public void Decode(ReadOnlySpan<byte> codes, Span<short> samples)
    {
        for (var i = 0; i < codes.Length; i++) samples[i] = _decoded[codes[i]];
    }

    private const int MuLawBias = 33 << 2;

    private static short DecodeMuLaw(byte code)
    {
        var bits = ~code & 0xff;
        var magnitude = ((((bits & 0x0f) << 3) + MuLawBias) << ((bits >> 4) & 7)) - MuLawBias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static byte EncodeMuLaw(int sample)
    {
        var magnitude = Math.Min((sample < 0 ? ~sample : sample) + MuLawBias, 0x7fff);
        var segment = int.Log2(magnitude) - 7;
        return (byte)~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f));
    }

    private static short DecodeALaw(byte code)
    {
        var bits = code ^ 0x55;
        var segment = (bits >> 4) & 7;
        var magnitude = ((bits & 0x0f) << 4) + 8;
        if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static byte EncodeALaw(int sample)
    {
        var magnitude = (sample < 0 ? ~sample : sample) >> 4;
        var segment = Math.Max(int.Log2(magnitude | 1) - 3, 0);
        var code = segment == 0 ? magnitude : (segment << 4) | ((magnitude >> (segment - 1)) & 0x0f);
        return (byte)((code | (sample < 0 ? 0 : 0x80)) ^ 0x55);
    }
}
