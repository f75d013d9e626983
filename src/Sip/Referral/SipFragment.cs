using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>The status line of a <c>message/sipfrag</c> body (RFC 3420): how far the request has come that a REFER asked for (RFC 3515 §2.4.5).</summary>
[GenerateSerializer, Immutable]
public sealed record SipFragment([property: Id(0)] int Status, [property: Id(1)] string Reason)
{
    /// <summary>The body's type.</summary>
    public const string ContentType = "message/sipfrag;version=2.0";

    public bool IsFinal => Status >= 200;

    public static SipFragment Of(int status, string? reason = null) => new(status, reason ?? SipStatus.Reason(status));

    /// <summary>Reads the status line that the body begins with; what follows it is left out. False for a fragment of a request.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SipFragment? fragment)
    {
        fragment = null;
        var end = body.IndexOfAny((byte)'\r', (byte)'\n');
        var line = Lexer.Trim(end < 0 ? body : body[..end]);
        if (line.Length < 11 || line.Length > 512 || !Lexer.EqualsIgnoreCase(line[..8], "SIP/2.0 "u8) || !Lexer.TryNumber(line.Slice(8, 3), 699, out var status) || status < 100) return false;
        if (line.Length > 11 && !Lexer.IsSpace(line[11])) return false;

        fragment = new((int)status, Lexer.Text(Lexer.Trim(line[11..])));
        return true;
    }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> ToBody() => Encoding.UTF8.GetBytes(ToString() + "\r\n");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {Status} {Reason}");
}
