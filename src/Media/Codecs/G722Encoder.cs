namespace Telephony.Media.Codecs;

/// <summary>ITU-T G.722 at 64 kbit/s: 16 kHz in two bands of adaptive differential PCM, 6 and 2 bits. A byte for each two samples.</summary>
internal sealed class G722Encoder : IAudioEncoder
{
    private readonly G722Band _low = G722Band.Low(), _high = G722Band.High();
    private readonly int[] _past = new int[24];

    public int Encode(ReadOnlySpan<short> frame, Span<byte> payload)
    {
        var count = frame.Length / 2;
        if (payload.Length < count) return 0;
        for (var i = 0; i < count; i++) payload[i] = Encode(frame[2 * i], frame[(2 * i) + 1]);
        return count;
    }

    public void Dispose() { }

    private byte Encode(int first, int second)
    {
        Array.Copy(_past, 2, _past, 0, 22);
        (_past[22], _past[23]) = (first, second);
        int odd = 0, even = 0;
        for (var i = 0; i < 12; i++)
        {
            odd += _past[2 * i] * G722Tables.Qmf[i];
            even += _past[(2 * i) + 1] * G722Tables.Qmf[11 - i];
        }

        return (byte)((High((even - odd) >> 14) << 6) | Low((even + odd) >> 14));
    }

    private int Low(int sample)
    {
        var e = G722Band.Saturate(sample - _low.S);
        var magnitude = e < 0 ? ~e : e;
        var step = 1;
        while (step < 30 && magnitude >= (G722Tables.Q6[step] * _low.Det) >> 12) step++;
        var code = (e < 0, step) switch { (true, 1) => 63, (true, 2) => 62, (true, _) => 34 - step, _ => 62 - step }; // ILN, ILP
        var high = code >> 2;
        _low.Adapt(G722Tables.Wl[high], (_low.Det * G722Tables.Qm4[high]) >> 15);
        return code;
    }

    private int High(int sample)
    {
        var e = G722Band.Saturate(sample - _high.S);
        var isFar = (e < 0 ? ~e : e) >= (564 * _high.Det) >> 12;
        var code = (e < 0, isFar) switch { (true, false) => 1, (true, true) => 0, (false, false) => 3, _ => 2 }; // IHN, IHP
        _high.Adapt(G722Tables.Wh[code], (_high.Det * G722Tables.Qm2[code]) >> 15);
        return code;
    }
}
