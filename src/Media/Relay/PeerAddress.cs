using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>A peer's address and port as the kernel has them (<c>struct sockaddr_in</c> or <c>sockaddr_in6</c>). Immutable.</summary>
internal sealed class PeerAddress
{
    public const int MaxLength = 28;

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

    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Buffer, byte>(ref _bytes), Length);

    public bool Is(ReadOnlySpan<byte> socketAddress) => Bytes.SequenceEqual(socketAddress);

    [InlineArray(MaxLength)]
    private struct Buffer
    {
        private byte _first;
    }
}
