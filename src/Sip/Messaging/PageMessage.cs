using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>A text that was sent by MESSAGE, outside of any session (RFC 3428), as plain data.</summary>
/// <param name="ContentType">As <c>text/plain</c>.</param>
/// <param name="Content">The body, byte for byte.</param>
/// <param name="SentAt">What its Date says; null when it says none (§4).</param>
/// <param name="ExpiresAt">When it is of no use any more (§4); null when it stays of use.</param>
[GenerateSerializer, Immutable]
public sealed record PageMessage(
    [property: Id(0)] string ContentType,
    [property: Id(1)] ImmutableArray<byte> Content,
    [property: Id(2)] DateTimeOffset? SentAt = null,
    [property: Id(3)] DateTimeOffset? ExpiresAt = null)
{
    /// <summary>The most that may go over a path that is not known to be reliable (§8).</summary>
    public const int MaxBytes = 1300;

    public string Text => Encoding.UTF8.GetString(Content.AsSpan());

    /// <summary>Takes a MESSAGE in, and says what to answer: 200, or 415 and 413 where it can't be taken (§7).</summary>
    /// <returns>Null when it is refused, or late.</returns>
    public static PageMessage? Receive(SipRequest message, ImmutableArray<string> contentTypes, int maxBytes, DateTimeOffset now, out SipAnswer answer)
    {
        answer = SipAnswer.Of(200);
        var type = message.ContentType ?? "text/plain";
        if (!contentTypes.Any(one => Multipart.IsType(Encoding.UTF8.GetBytes(type), one))) answer = SipAnswer.Of(415, ("Accept", string.Join(", ", contentTypes)));
        else if (message.Body.Length > maxBytes) answer = SipAnswer.Of(413);
        if (!answer.IsSuccess) return null;

        var sentAt = message.Header<SipDate>()?.At;
        DateTimeOffset? expiresAt = message.Expires is { } seconds && seconds > 0 ? (sentAt is { } at && at < now ? at : now) + TimeSpan.FromSeconds(seconds) : null;
        return expiresAt <= now ? null : new(type, [.. message.Body.Span], sentAt, expiresAt);
    }

    /// <summary>Puts it into a request; it has no Contact (§4).</summary>
    public SipRequestBuilder Write(SipRequestBuilder message, DateTimeOffset now)
    {
        message.Remove("Contact").Body(Content.AsMemory(), ContentType);
        if (SentAt is { } sentAt) message.Set(new SipDate(sentAt));
        return ExpiresAt is { } end ? message.Set("Expires", ((long)Math.Max(1, (end - now).TotalSeconds)).ToString(CultureInfo.InvariantCulture)) : message;
    }
}
