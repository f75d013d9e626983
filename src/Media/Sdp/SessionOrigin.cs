using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>What <c>o=</c> says of a session (RFC 8866 §5.2). Both are below 2^62: some peers read them into signed numbers.</summary>
internal readonly record struct SessionOrigin(long Id, long Version)
{
    /// <summary>Of a leg: also where the leg is made anew, the id is the same and the version greater (RFC 3264 §8).</summary>
    public static SessionOrigin Of(string leg, TimeProvider time) =>
        new(BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(leg))) & ((1L << 62) - 1), time.GetUtcNow().ToUnixTimeSeconds());
}
