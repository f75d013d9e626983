using System.Buffers.Binary;
using System.Buffers.Text;

namespace Telephony.Grains.Calls.History;

/// <summary>
/// A place in an extension's history: the start (in microseconds, PostgreSQL's precision) and the id of the last call shown, as 32 characters of base64url. It says nothing of whose history;
/// a made-up one leads to another place in the same.
/// </summary>
internal readonly record struct CallCursor(DateTimeOffset StartedAt, Guid Call)
{
    private const int Size = 24;
    private const int TextLength = 32;

    public static bool TryParse(string text, out CallCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != TextLength || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Size) return false;

        var microseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (microseconds < 0 || microseconds > (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) return false;

        cursor = new(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), new Guid(bytes[8..], bigEndian: true));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (StartedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        Call.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
