using Telephony.Media.Dsp;

namespace Telephony.Media.Codecs;

/// <summary>ITU-T G.722 at 64 kbit/s to 16 kHz. A lost packet is covered after the decoder, whose state goes on as it was.</summary>
internal sealed class G722Decoder : IAudioDecoder
{
    private readonly G722Band _low = G722Band.Low(), _high = G722Band.High();
    private readonly int[] _past = new int[24];
    private readonly LossConcealer _concealer = new(sampleRate: 16_000);

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.IsEmpty || payload.Length * 2 > samples.Length) return -1;
        for (var i = 0; i < payload.Length; i++) Decode(payload[i], out samples[2 * i], out samples[(2 * i) + 1]);
        _concealer.Hear(samples[..(payload.Length * 2)]);
        return payload.Length * 2;
    }

    public int Conceal(Span<short> samples, ReadOnlySpan<byte> next) => _concealer.Conceal(samples);

    public void Dispose() { }

    private void Decode(byte code, out short first, out short second)
    {
        var (low, high) = (Low(code & 0x3f), High(code >> 6));
        Array.Copy(_past, 2, _past, 0, 22);
        (_past[22], _past[23]) = (low + high, low - high);
        int odd = 0, even = 0;
        for (var i = 0; i < 12; i++)
        {
            even += _past[2 * i] * G722Tables.Qmf[i];
            odd += _past[(2 * i) + 1] * G722Tables.Qmf[11 - i];
        }

        first = (short)G722Band.Saturate(odd >> 11);
        second = (short)G722Band.Saturate(even >> 11);
    }

    private int Low(int code)
    {
        var sample = Math.Clamp(_low.S + ((_low.Det * G722Tables.Qm6[code]) >> 15), -16384, 16383);
        _low.Adapt(G722Tables.Wl[code >> 2], (_low.Det * G722Tables.Qm4[code >> 2]) >> 15);
        return sample;
    }

    private int High(int code)
    {
        var difference = (_high.Det * G722Tables.Qm2[code]) >> 15;
        var sample = Math.Clamp(_high.S + difference, -16384, 16383);
        _high.Adapt(G722Tables.Wh[code], difference);
        return sample;
    }
}
