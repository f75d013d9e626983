using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>A peer's address and port as the kernel has them (<c>struct sockaddr_in</c> or <c>sockaddr_in6</c>). Immutable.</summary>
internal sealed class PeerAddress
{
    public const int MaxLength = 28, LengthV4 = 16;

    private Buffer _bytes;

    public PeerAddress(ReadOnlySpan<byte> socketAddress)
    {
        Length = socketAddress.Length;
        socketAddress.CopyTo(_bytes);
    }

    public PeerAddress(IPEndPoint endpoint)
        : this(endpoint.Serialize().Buffer.Span)
    {
    }

    public int Length { get; }

    /// <summary>Family, port and address of an IPv4 socket address, which are all of it: never 0.</summary>
    public static ulong KeyV4(ReadOnlySpan<byte> socketAddress) => MemoryMarshal.Read<ulong>(socketAddress);

    /// <summary>0: this is an IPv6 address.</summary>
    public ulong KeyV4() => Length == LengthV4 ? KeyV4(Bytes) : 0;

    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Buffer, byte>(ref _bytes), Length);

    public bool Is(ReadOnlySpan<byte> socketAddress) => Bytes.SequenceEqual(socketAddress);

    /// <summary>The same address, whatever the ports.</summary>
    public static bool IsSameHost(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length == b.Length && (a.Length == LengthV4 ? a[4..8].SequenceEqual(b[4..8]) : a[8..24].SequenceEqual(b[8..24]));

    /// <summary>The port after this one's, at the same address.</summary>
    public PeerAddress NextPort()
    {
        var next = new PeerAddress(Bytes);
        BinaryPrimitives.WriteUInt16BigEndian(MemoryMarshal.CreateSpan(ref Unsafe.As<Buffer, byte>(ref next._bytes), Length)[2..], (ushort)(Port + 1));
        return next;
    }

    private ushort Port => BinaryPrimitives.ReadUInt16BigEndian(Bytes[2..]);

    [InlineArray(MaxLength)]
    private struct Buffer
    {
        private byte _first;
    }
}
