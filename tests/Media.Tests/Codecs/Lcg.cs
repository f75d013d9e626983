namespace Telephony.Media.Codecs;

/// <summary>Numbers that are the same in every language and version: the reference values of the tests were made with them.</summary>
internal struct Lcg(uint seed)
{
    private uint _state = seed;

    public ushort Next() => (ushort)((_state = (_state * 1103515245) + 12345) >> 16);

    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Next();
    }

    /// <summary>Noise of 16 levels, with and without a square wave over it that gets slower.</summary>
    public static short[] Signal(int length)
    {
        var (noise, samples) = (new Lcg(1), new short[length]);
        for (var i = 0; i < length; i++)
        {
            var square = i / 2000 % 2 == 0 ? 0 : i / (20 + (i / 8000)) % 2 == 0 ? -6000 : 6000;
            samples[i] = (short)Math.Clamp(((short)noise.Next() >> (i / 4000 % 16)) + square, short.MinValue, short.MaxValue);
        }

        return samples;
    }

    /// <summary>FNV-1a, 64 bits.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in bytes) hash = (hash ^ b) * 0x100000001b3;
        return hash;
    }
}
