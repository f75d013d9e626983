using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Telephony.Sip;

/// <summary>A response (RFC 3261 §7.2). Make one with <see cref="For"/>.</summary>
[GenerateSerializer, Immutable]
[JsonConverter(typeof(SipResponseJsonConverter))]
public sealed class SipResponse : SipMessage
{
    internal SipResponse(byte[] wire, SipLayout layout) : base(wire, layout)
    {
    }

    /// <summary>100 to 699.</summary>
    public int Status => Layout.Status;

    public string Reason => Lexer.Text(Span[Layout.Second]);

    public bool IsProvisional => Status < 200;

    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsFinal => Status >= 200;

    /// <summary>
    /// Starts the answer to a request (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq are copied, for 100 Timestamp too, and Record-Route where the
    /// answer makes a dialog (§12.1.1).
    /// </summary>
    /// <param name="reason">The RFC's phrase when null.</param>
    /// <param name="toTag">For a To without a tag; a random one when null. 100 gets none.</param>
    /// <exception cref="ArgumentException">Status, reason or tag can't stand in a response.</exception>
    public static SipResponseBuilder For(SipRequest request, int status, string? reason = null, string? toTag = null) =>
        new(request, status, reason, toTag);

    /// <summary>Reads one message. Bytes behind its Content-Length are left out.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SipResponse? response, out SipParseError error)
    {
        response = null;
        var wire = bytes.ToArray();
        error = SipParser.Parse(wire, out var layout);
        if (error.IsError || layout is null) return false;
        if (layout.Status == 0)
        {
            error = SipParseError.Bad("Not a response");
            return false;
        }

        response = new(layout.Length == wire.Length ? wire : wire[..layout.Length], layout);
        return true;
    }

    /// <summary>A builder with this response's status, fields and body.</summary>
    public SipResponseBuilder ToBuilder() => new(this);
}
