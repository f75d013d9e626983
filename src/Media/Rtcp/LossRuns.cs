namespace Telephony.Media.Rtcp;

/// <summary>
/// How losses are spread: bursts, in which fewer than <see cref="VoipMetrics.Gmin"/> packets in a row come, and the gaps between them (RFC 3611 A.2, whose names these
/// are). A packet that was overtaken counts as lost here.
/// </summary>
internal struct LossRuns
{
    private int _packets, _lost;
    private long _c11, _c13, _c14, _c22, _c23, _c33;

    /// <summary>How often packets were lost, one or more in a row.</summary>
    public long Count { get; private set; }

    public void Received() => _packets++;

    public void Lost(int packets)
    {
        Count++;
        for (var i = Math.Min(packets, 1000); i > 0; i--) LostOne();
    }

    /// <summary>Densities in 256ths, durations in milliseconds.</summary>
    /// <param name="packetTime">Milliseconds of audio in a packet.</param>
    public readonly (byte BurstDensity, byte GapDensity, ushort BurstDuration, ushort GapDuration) Measure(int packetTime)
    {
        double c11 = _c11 + _packets, c31 = _c13, c32 = _c23;
        var gapDensity = Byte(256 * _c14 / Math.Max(c11 + _c14, 1));
        if (_c13 == 0) return (0, gapDensity, 0, UShort((c11 + _c14) * packetTime));

        var p32 = c32 / (c31 + c32 + _c33);
        var p23 = _c22 + _c23 < 1 ? 1 : 1 - ((double)_c22 / (_c22 + _c23));
        var total = c11 + _c14 + _c13 + _c22 + _c23 + c31 + c32 + _c33;
        var gap = (c11 + _c14 + _c13) * packetTime / _c13;
        return (Byte(256 * p23 / (p23 + p32)), gapDensity, UShort((total * packetTime / _c13) - gap), UShort(gap));
    }

    private void LostOne()
    {
        if (_packets >= VoipMetrics.Gmin)
        {
            if (_lost == 1) _c14++;
            else _c13++;
            _lost = 1;
            _c11 += _packets;
        }
        else
        {
            _lost++;
            if (_packets == 0)
            {
                _c33++;
            }
            else
            {
                _c23++;
                _c22 += _packets - 1;
            }
        }

        _packets = 0;
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value, 0, 255);

    private static ushort UShort(double value) => (ushort)Math.Clamp(value, 0, ushort.MaxValue);
}
