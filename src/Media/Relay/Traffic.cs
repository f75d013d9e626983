namespace Telephony.Media.Relay;

/// <summary>What one thread has moved. That thread alone counts; any may read.</summary>
internal sealed class Traffic
{
    private static readonly int Reasons = Enum.GetValues<DropReason>().Length;

    private readonly long[] _dropped = new long[Reasons];
    private long _packetsReceived, _bytesReceived, _packetsSent, _bytesSent;

    public long PacketsReceived => Volatile.Read(ref _packetsReceived);

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long PacketsSent => Volatile.Read(ref _packetsSent);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    public void Drop(DropReason reason) => _dropped[(int)reason]++;

    public void Received(int bytes)
    {
        _packetsReceived++;
        _bytesReceived += bytes;
    }

    public void Sent(int bytes)
    {
        _packetsSent++;
        _bytesSent += bytes;
    }
}
