using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Refer-To: whom the receiver of a REFER is to contact (RFC 3515 §2.1).</summary>
/// <param name="Uri">With the method and header fields that it may carry.</param>
/// <param name="DisplayName">Null when there is none.</param>
/// <param name="Parameters">As written.</param>
[GenerateSerializer, Immutable]
public sealed record ReferTo(
    [property: Id(0)] string Uri, [property: Id(1)] string? DisplayName = null, [property: Id(2)] string Parameters = "") : ISipHeader<ReferTo>
{
    public static string Field => "Refer-To";

    /// <summary>What the request is to be: the URI's method parameter, else INVITE (RFC 3515 §2.1).</summary>
    public SipMethod Method => Target?.Parameters["method"] is { } name && Lexer.IsToken(name) ? SipMethod.Of(name) : SipMethod.Invite;

    /// <summary>The dialog that an attended transfer replaces (RFC 3891 §3, RFC 5589 §7); null for a blind one, or when it can't be read.</summary>
    public Replaces? Replaces => Target is { } uri && UriHeaders.Find(uri, "Replaces") is { } text && Replaces.TryParse(text, out var replaces) ? replaces : null;

    /// <summary>Whether the URI carries a Replaces at all, readable or not: then this is no blind transfer.</summary>
    public bool IsAttended => Target is { } uri && UriHeaders.Find(uri, "Replaces") is not null;

    /// <summary>An attended transfer: call this URI in the place of that dialog.</summary>
    public static ReferTo Attended(string uri, Replaces replaces) => new(UriHeaders.Add(uri, "Replaces", replaces.ToString()));

    public static bool TryParse(string text, [NotNullWhen(true)] out ReferTo? value)
    {
        value = NameAddress.TryParse(text, out var address) ? new(address.Uri.ToString(), address.DisplayName, address.Parameters.ToString()) : null;
        return value is not null;
    }

    public override string ToString() => NameAddress.Format(DisplayName, Uri) + Parameters;

    private SipUri? Target => SipUri.TryParse(Uri, out var uri) ? uri : null;
}
