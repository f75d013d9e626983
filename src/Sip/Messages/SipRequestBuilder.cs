namespace Telephony.Sip;

/// <summary>Writes a request (RFC 3261 §7.1); see <see cref="SipRequest.Create"/>.</summary>
public sealed class SipRequestBuilder : SipMessageBuilder<SipRequestBuilder>
{
    private const string Placeholder = "SIP/2.0/UDP 0.0.0.0";

    private SipMethod _method;
    private string _uri;

    internal SipRequestBuilder(SipMethod method, string requestUri)
    {
        _method = method;
        _uri = Checked(requestUri);
    }

    internal SipRequestBuilder(SipRequest request) : base(request)
    {
        _method = request.Method;
        _uri = request.RequestUri.ToString();
    }

    /// <summary>Changes the method; CSeq must be set to agree.</summary>
    public SipRequestBuilder Method(SipMethod method)
    {
        _method = method;
        return this;
    }

    /// <exception cref="ArgumentException"><paramref name="requestUri"/> is not a URI.</exception>
    public SipRequestBuilder RequestUri(string requestUri)
    {
        _uri = Checked(requestUri);
        return this;
    }

    /// <summary>The ACK of a final response over 299 (RFC 3261 §17.1.1.3).</summary>
    internal static SipRequestBuilder AckOf(SipRequest invite, SipResponse response) => Companion(SipMethod.Ack, invite, response);

    /// <summary>The CANCEL of an INVITE (§9.1).</summary>
    internal static SipRequestBuilder CancelOf(SipRequest invite) => Companion(SipMethod.Cancel, invite, invite);

    public SipRequestBuilder CSeq(uint number) => Set("CSeq", new CSeq(number, _method).ToString());

    /// <exception cref="InvalidOperationException">From, To, Call-ID or CSeq is missing, or a field that the stack reads is malformed; it says which.</exception>
    public SipRequest Build()
    {
        if (!Has("Max-Forwards")) Add("Max-Forwards", "70");
        if (!Has("Via")) AddFirst("Via", Placeholder);
        return new(Write(_method.Name, _uri, "SIP/2.0", isRequest: true, out var layout), layout);
    }

    /// <summary>Stands in for the Via that the edge puts in its place; it is never sent.</summary>
    internal static ReadOnlySpan<byte> PlaceholderVia => "SIP/2.0/UDP 0.0.0.0"u8;

    // the INVITE's URI, top Via, From, Call-ID, Route and CSeq number
    private static SipRequestBuilder Companion(SipMethod method, SipRequest invite, SipMessage to)
    {
        var builder = new SipRequestBuilder(method, invite.RequestUri.ToString()).Add("Via", Lexer.Text(invite.TopVia));
        foreach (ref readonly var line in invite.Fields)
        {
            if (line.Id is HeaderId.From or HeaderId.CallId or HeaderId.Route) builder.Copy(invite, line);
        }

        if (to.Find(HeaderId.To) is { } address) builder.Copy(to, address);
        return builder.CSeq(invite.CSeq.Number);
    }

    private static string Checked(string requestUri) => SipUri.TryParse(requestUri, out var uri) && uri.Headers.Length == 0
        ? requestUri
        : throw new ArgumentException($"'{requestUri}' is not a Request-URI.", nameof(requestUri));
}
