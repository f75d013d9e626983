using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>RAck: what a PRACK acknowledges, the RSeq of a provisional response and the CSeq of its request (RFC 3262 §7.2).</summary>
[GenerateSerializer, Immutable]
public sealed record RAck([property: Id(0)] uint RSeq, [property: Id(1)] uint CSeq, [property: Id(2)] SipMethod Method) : ISipHeader<RAck>
{
    public static string Field => "RAck";

    /// <summary>Reads <c>response-num LWS CSeq-num LWS Method</c>; false when it is not that.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RAck? value)
    {
        value = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var rseq, var cseq, var method]
            && TryNumber(rseq, out var response) && response > 0 && TryNumber(cseq, out var request) && Lexer.IsToken(method)
            ? new(response, request, SipMethod.Of(method))
            : null;
        return value is not null;
    }

    /// <summary>The RSeq of a provisional response that wants a PRACK: it requires <c>100rel</c> (§4). Null for any other.</summary>
    public static RAck? Of(SipResponse response) =>
        response.Status is > 100 and < 200 && TryNumber(response.Header("RSeq"), out var rseq) && rseq > 0 && response.HasOption("Require", "100rel")
            ? new(rseq, response.CSeq.Number, response.CSeq.Method)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RSeq} {CSeq} {Method}");

    private static bool TryNumber(string? text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
