using System.Runtime.CompilerServices;

namespace Telephony.Media.Srtp;

/// <summary>The numbers of each SSRC that goes through one direction of a leg; there are few.</summary>
internal sealed class SrtpStreams
{
    /// <summary>A leg has one SSRC each way, or a few one after the other.</summary>
    public const int Max = 8;

    private readonly Stream[] _streams = new Stream[Max];
    private int _count, _last;
    private uint _clock;

    public bool IsFull => _count == Max;

    /// <summary>A null reference: not there.</summary>
    public ref Stream Find(uint ssrc)
    {
        ref var last = ref _streams[_last];
        if (last.Ssrc == ssrc && _last < _count) return ref last;
        for (var i = 0; i < _count; i++)
        {
            if (_streams[i].Ssrc != ssrc) continue;
            _last = i;
            _streams[i].UsedAt = ++_clock;
            return ref _streams[i];
        }

        return ref Unsafe.NullRef<Stream>();
    }

    /// <summary>When all places are taken, in that of the stream that was used last the longest ago.</summary>
    public ref Stream Add(uint ssrc)
    {
        var at = _count;
        if (_count < Max) _count++;
        else for (var i = at = 0; i < Max; i++) at = _streams[i].UsedAt < _streams[at].UsedAt ? i : at;
        _streams[at] = new Stream { Ssrc = ssrc, UsedAt = ++_clock };
        _last = at;
        return ref _streams[at];
    }

    internal struct Stream
    {
        public uint Ssrc, UsedAt;
        public ReplayWindow Rtp, Rtcp;

        /// <summary>Of the next SRTCP packet that we send.</summary>
        public uint NextRtcp;
    }
}
