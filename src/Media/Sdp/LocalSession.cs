using System.Net;

namespace Telephony.Media.Sdp;

/// <summary>
/// Our side of one peer's session: where it finds our stream, and the <c>o=</c> line, whose version grows with every description that differs from the one
/// before (RFC 3264 §8). Not thread-safe: its leg's lock guards it.
/// </summary>
internal sealed class LocalSession(IPAddress address, int port)
{
    private byte[]? _last;
    private bool? _wasRtcpMux; // before our open offer

    public IPAddress Address { get; } = address;

    public int Port { get; } = port;

    /// <summary>Below 2^62: some peers read it into a signed number.</summary>
    public long Id { get; } = Random.Shared.NextInt64(1, 1L << 62);

    public long Version { get; private set; } = 1;

    /// <summary>How many streams this session has had: a later offer may not have fewer.</summary>
    public int Streams { get; private set; }

    /// <summary>Whether our last description said <c>a=rtcp-mux</c>.</summary>
    public bool IsRtcpMux { get; private set; }

    /// <summary>An offer of what <paramref name="source"/> has.</summary>
    public byte[] Offer(SessionDescription source, SessionDescription? earlier)
    {
        _wasRtcpMux ??= IsRtcpMux;
        return Next(() => LocalDescription.Offer(source, earlier, this), source.Audio.IsRtcpMux, source);
    }

    /// <summary>Our offer was answered.</summary>
    public void Settle() => _wasRtcpMux = null;

    /// <summary>Our offer was refused. Its version stays used (RFC 3264 §8).</summary>
    public void Rollback()
    {
        IsRtcpMux = _wasRtcpMux ?? IsRtcpMux;
        _wasRtcpMux = null;
    }

    /// <summary>The answer to <paramref name="offer"/> with what <paramref name="source"/> accepted.</summary>
    public byte[] Answer(SessionDescription source, SessionDescription offer) =>
        Next(() => LocalDescription.Answer(source, offer, this), source.Audio.IsRtcpMux && offer.Audio.IsRtcpMux, offer);

    private byte[] Next(Func<byte[]> write, bool isRtcpMux, SessionDescription shape)
    {
        var text = write();
        if (_last is not null && !text.AsSpan().SequenceEqual(_last))
        {
            Version++;
            text = write();
        }

        _last = text;
        IsRtcpMux = isRtcpMux;
        Streams = Math.Max(Streams, shape.Streams.Length);
        return text;
    }
}
