namespace Telephony.Media.Srtp;

/// <summary>Which of a stream's packets were there: all up to the highest index, and the last 128 one by one (RFC 3711 §3.3.2).</summary>
internal struct ReplayWindow
{
    private const int Size = 128;

    private long _next; // the highest index and one; 0: none yet
    private UInt128 _seen;

    /// <summary>The index that a packet with this sequence number most likely has (RFC 3711 §3.3.1, appendix A). Negative: it is from before the stream's start.</summary>
    public readonly long Estimate(ushort sequence) => _next == 0 ? sequence : _next - 1 + (short)(sequence - (ushort)(_next - 1));

    /// <summary>False: it was there, or is too old to know.</summary>
    public readonly bool IsNew(long index)
    {
        if (index >= _next) return true;
        var behind = _next - 1 - index;
        return index >= 0 && behind < Size && ((_seen >> (int)behind) & 1) == 0;
    }

    public void Mark(long index)
    {
        var ahead = index + 1 - _next;
        if (ahead > 0)
        {
            _seen = ahead < Size ? (_seen << (int)ahead) | 1 : 1;
            _next = index + 1;
        }
        else
        {
            _seen |= UInt128.One << (int)-ahead;
        }
    }
}
