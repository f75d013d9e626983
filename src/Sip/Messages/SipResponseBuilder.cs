using System.Globalization;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>Writes a response (RFC 3261 §7.2); see <see cref="SipResponse.For"/>.</summary>
public sealed class SipResponseBuilder : SipMessageBuilder<SipResponseBuilder>
{
    private readonly int _status;
    private readonly string _reason;

    internal SipResponseBuilder(SipRequest request, int status, string? reason, string? toTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        if (reason is not null && !Lexer.IsFieldText(reason)) throw new ArgumentException("A reason has no line breaks.", nameof(reason));
        if (toTag is not null && !Lexer.IsToken(toTag)) throw new ArgumentException($"'{toTag}' is not a tag.", nameof(toTag));

        _status = status;
        _reason = reason ?? SipStatus.Reason(status);
        var makesDialog = status is > 100 and < 300 && (request.Is("INVITE"u8) || request.Is("SUBSCRIBE"u8) || request.Is("REFER"u8));
        foreach (ref readonly var field in request.Fields)
        {
            switch (field.Id)
            {
                case HeaderId.To when status > 100 && !HasTag(field.ValueIn(request.Span)):
                    CopyWithTag(request, field, toTag ?? RandomTag());
                    break;
                case HeaderId.Via or HeaderId.From or HeaderId.To or HeaderId.CallId or HeaderId.CSeq:
                case HeaderId.RecordRoute when makesDialog:
                case HeaderId.Timestamp when status == 100:
                    Copy(request, field);
                    break;
            }
        }
    }

    internal SipResponseBuilder(SipResponse response) : base(response)
    {
        _status = response.Status;
        _reason = response.Reason;
    }

    /// <exception cref="InvalidOperationException">A field that the stack reads is malformed; it says which.</exception>
    public SipResponse Build() =>
        new(Write("SIP/2.0", _status.ToString(CultureInfo.InvariantCulture), _reason, isRequest: false, out var layout), layout);

    private static bool HasTag(ReadOnlySpan<byte> to) => NameAddressView.TryParse(to, out var address) && !address.Tag.IsEmpty;

    private static string RandomTag() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
