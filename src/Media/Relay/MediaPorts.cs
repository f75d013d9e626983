using System.Net;

namespace Telephony.Media.Relay;

/// <summary>
/// The pairs of the port range that are not in use. The one that was given back longest ago is taken first, so that late packets of an ended call don't reach
/// the next; the order at the start is random, so that nobody can guess a call's port. Thread-safe.
/// </summary>
internal sealed class MediaPorts
{
    private readonly Lock _lock = new();
    private readonly Queue<int> _free;
    private readonly IPAddress _bind;

    public MediaPorts(IPAddress bind, PortRange range)
    {
        _bind = bind;
        var pairs = range.EvenPorts().ToArray();
        Random.Shared.Shuffle(pairs);
        _free = new Queue<int>(pairs);
        Total = pairs.Length;
    }

    /// <summary>Pairs in the range.</summary>
    public int Total { get; }

    public int Free
    {
        get
        {
            lock (_lock) return _free.Count;
        }
    }

    /// <summary>Takes a pair. Null: none is left that can be bound; <paramref name="error"/> then is the system's last number, 0 when all are ours.</summary>
    public PortPair? TryTake(out int error)
    {
        error = 0;
        for (var tries = Free; tries > 0; tries--)
        {
            int port;
            lock (_lock)
            {
                if (!_free.TryDequeue(out port)) return null;
            }

            if (UdpSocket.TryBind(new IPEndPoint(_bind, port), out error) is { } rtp)
            {
                if (UdpSocket.TryBind(new IPEndPoint(_bind, port + 1), out error) is { } rtcp) return new PortPair(port, rtp, rtcp);
                rtp.Close();
            }

            lock (_lock) _free.Enqueue(port); // another program's: perhaps free later
            if (error is Emfile or Enfile) return null;
        }

        return null;
    }

    /// <summary>Gives a pair back. Nothing may use its sockets any more.</summary>
    public void Return(PortPair pair)
    {
        pair.Close();
        lock (_lock) _free.Enqueue(pair.Port);
    }

    public const int Emfile = 24, Enfile = 23;
}
