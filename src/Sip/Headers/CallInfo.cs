using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Call-Info: a picture, a card or a page of the caller (RFC 3261 §20.9); and, with <c>answer-after</c>, when the phone is to answer by itself.</summary>
/// <param name="Uri">Empty when nothing stands there.</param>
/// <param name="Purpose">As <c>icon</c>; null when it is not said.</param>
/// <param name="AnswerAfter">Seconds; null when it is not said.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record CallInfo(
    [property: Id(0)] string Uri,
    [property: Id(1)] string? Purpose = null,
    [property: Id(2)] uint? AnswerAfter = null,
    [property: Id(3)] string Parameters = "") : ISipHeader<CallInfo>
{
    public static string Field => "Call-Info";

    public static bool TryParse(string text, [NotNullWhen(true)] out CallInfo? value)
    {
        value = null;
        if (!ValueText.TrySplit(text, out var target, out var parameters) || !parameters.TryNumber("answer-after", out var answerAfter)) return false;

        var uri = target.Length > 1 && target[0] == '<' && target[^1] == '>' ? target[1..^1].Trim() : target;
        if (!Lexer.IsUriText(uri.AsSpan()) || uri.Length == 0 && answerAfter is null) return false;

        value = new(uri, parameters["purpose"], answerAfter, parameters.Without("purpose", "answer-after"));
        return true;
    }

    public override string ToString() => $"<{Uri}>{ValueText.Parameter("purpose", Purpose)}{ValueText.Parameter("answer-after", AnswerAfter)}{Parameters}";
}
