using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Telephony.Sip;

/// <summary>A request (RFC 3261 §7.1). Make one with <see cref="Create"/>, or change a copy with <see cref="ToBuilder"/>.</summary>
[GenerateSerializer, Immutable]
[JsonConverter(typeof(SipRequestJsonConverter))]
public sealed class SipRequest : SipMessage
{
    [NonSerialized]
    private SipUri? _uri;

    internal SipRequest(byte[] wire, SipLayout layout) : base(wire, layout)
    {
    }

    public SipMethod Method => SipMethod.FromToken(MethodToken);

    public SipUri RequestUri => _uri ??= SipUri.TryParse(Wire[Layout.Second], out var uri)
        ? uri
        : throw new InvalidOperationException("The message was not checked.");

    /// <summary>Starts a request. The edge adds the Via; Max-Forwards is 70 unless it is set.</summary>
    /// <exception cref="ArgumentException"><paramref name="requestUri"/> is not a URI.</exception>
    public static SipRequestBuilder Create(SipMethod method, string requestUri) => new(method, requestUri);

    /// <summary>Reads one message. Bytes behind its Content-Length are left out.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SipRequest? request, out SipParseError error)
    {
        error = TryParseAnswerable(bytes, out request);
        if (error.IsError) request = null;
        return request is not null;
    }

    /// <summary>A builder with this request's method, URI, fields and body.</summary>
    public SipRequestBuilder ToBuilder() => new(this);

    /// <summary>As <see cref="TryParse"/>, but a malformed request that can be answered is given too. It is only good for that.</summary>
    internal static SipParseError TryParseAnswerable(ReadOnlySpan<byte> bytes, out SipRequest? request)
    {
        request = null;
        var wire = bytes.ToArray();
        var error = SipParser.Parse(wire, out var layout);
        if (layout is null) return error;
        if (layout.Status != 0) return SipParseError.Bad("Not a request");

        request = new(layout.Length == wire.Length ? wire : wire[..layout.Length], layout);
        return error;
    }

    /// <summary>The same request with our Via on top, in place of the builder's.</summary>
    internal SipRequest WithVia(string via)
    {
        var line = System.Text.Encoding.ASCII.GetBytes("Via: " + via + "\r\n");
        var start = Span.IndexOf("\r\n"u8) + 2;
        var rest = Span[start..];
        var isPlaceholder = TopVia.SequenceEqual(SipRequestBuilder.PlaceholderVia) && Fields[0].Id == HeaderId.Via;
        if (isPlaceholder) rest = rest[(rest.IndexOf("\r\n"u8) + 2)..];

        var wire = new byte[start + line.Length + rest.Length];
        Span[..start].CopyTo(wire);
        line.CopyTo(wire.AsSpan(start));
        rest.CopyTo(wire.AsSpan(start + line.Length));

        var by = wire.Length - Span.Length;
        var own = new HeaderField(HeaderId.Via, (ushort)start, 3, (ushort)(start + 5), (ushort)(line.Length - 7));
        HeaderField[] fields = [own, .. Fields[(isPlaceholder ? 1 : 0)..]];
        for (var at = 1; at < fields.Length; at++) fields[at] = fields[at].Moved(by);
        return new(wire, Layout with { Fields = fields, Body = Layout.Body + by, Length = wire.Length });
    }

    internal ReadOnlySpan<byte> MethodToken => Span[Layout.First];

    internal bool Is(ReadOnlySpan<byte> method) => MethodToken.SequenceEqual(method);
}
