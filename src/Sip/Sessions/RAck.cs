using System.Globalization;

namespace Telephony.Sip;

/// <summary>What a PRACK acknowledges (RFC 3262 §7.2): the RSeq of a provisional response, and the CSeq of its request.</summary>
public readonly record struct RAck(uint RSeq, uint CSeq, SipMethod Method)
{
    /// <summary>Reads <c>response-num LWS CSeq-num LWS Method</c>; false when it is not that.</summary>
    public static bool TryParse(string? value, out RAck rack)
    {
        rack = default;
        if (value?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is not [var rseq, var cseq, var method]) return false;
        if (!TryNumber(rseq, out var response) || !TryNumber(cseq, out var request) || !Lexer.IsToken(method)) return false;

        rack = new(response, request, SipMethod.Of(method));
        return response > 0;
    }

    /// <summary>The RSeq of a provisional response that wants a PRACK: it requires <c>100rel</c> (§4). Null for any other.</summary>
    public static RAck? Of(SipResponse response) =>
        response.Status is > 100 and < 200 && TryNumber(response.Header("RSeq"), out var rseq) && rseq > 0 && response.HasOption("Require", "100rel")
            ? new(rseq, response.CSeq.Number, response.CSeq.Method)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RSeq} {CSeq} {Method}");

    private static bool TryNumber(string? text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
