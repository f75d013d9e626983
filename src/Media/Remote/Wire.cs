using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Telephony.Media.Remote;

/// <summary>
/// What goes over the socket: frames of a length (4 bytes, little-endian) and that many bytes of JSON. First each side says <see cref="Hello"/>; then
/// <c>[id, "Command", argument, ...]</c> one way and <c>[id, null, result]</c> or <c>[id, "what is wrong"]</c> the other, in any order. Arguments that are
/// missing at the end have their type's default, more are passed over, as are members that are not known: so either side may be the newer one.
/// </summary>
internal static class Wire
{
    /// <summary>Of the frames and their JSON; both sides must have the same.</summary>
    public const int Version = 1;

    public const int MaxFrame = 16 * 1024 * 1024, HeadLength = sizeof(int);

    public static readonly JsonSerializerOptions Json = new();

    /// <summary>Cuts the first whole frame off. False: there is none yet.</summary>
    /// <exception cref="InvalidDataException">The length is not one of ours.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < HeadLength) return false;
        Span<byte> head = stackalloc byte[HeadLength];
        buffer.Slice(0, HeadLength).CopyTo(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is <= 0 or > MaxFrame) throw new InvalidDataException($"A frame of {length} bytes.");
        if (buffer.Length < HeadLength + length) return false;
        frame = buffer.Slice(HeadLength, length);
        buffer = buffer.Slice(HeadLength + length);
        return true;
    }
}

/// <summary>The first frame of each side.</summary>
/// <param name="Id">The node's, from both sides: who is meant, and who answers.</param>
/// <param name="Boot">The node's; empty from the other side.</param>
internal sealed record Hello(int Version, string Id, string Boot);
