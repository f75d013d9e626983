using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>Reason: why a request was sent, as a SIP status or a Q.850 cause (RFC 3326 §2). A message may have one of each protocol.</summary>
/// <param name="Protocol"><c>SIP</c>, <c>Q.850</c> or another, as written.</param>
/// <param name="Cause">Null when it is not said.</param>
/// <param name="Text">Null when there is none.</param>
/// <param name="Parameters">The others, as written.</param>
[GenerateSerializer, Immutable]
public sealed record Reason(
    [property: Id(0)] string Protocol,
    [property: Id(1)] uint? Cause = null,
    [property: Id(2)] string? Text = null,
    [property: Id(3)] string Parameters = "") : ISipHeader<Reason>
{
    public static string Field => "Reason";

    /// <summary>A SIP status, with its phrase unless another text is given.</summary>
    public static Reason Sip(int status, string? text = null) => new("SIP", (uint)status, text ?? SipStatus.Reason(status));

    /// <summary>A cause of ITU-T Q.850.</summary>
    public static Reason Q850(int cause, string? text = null) => new("Q.850", (uint)cause, text);

    /// <summary>The cause that a message gives in this protocol; null when it gives none.</summary>
    public static uint? CauseOf(SipMessage message, string protocol) =>
        message.Headers<Reason>().FirstOrDefault(reason => reason.Is(protocol) && reason.Cause is not null)?.Cause;

    public static bool TryParse(string text, [NotNullWhen(true)] out Reason? value)
    {
        value = ValueText.TrySplit(text, out var protocol, out var parameters) && Lexer.IsToken(protocol) && parameters.TryNumber("cause", out var cause)
            ? new(protocol, cause, parameters["text"], parameters.Without("cause", "text"))
            : null;
        return value is not null;
    }

    public bool Is(string protocol) => string.Equals(Protocol, protocol, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Protocol + ValueText.Parameter("cause", Cause) + (Text is null ? "" : ";text=" + ValueText.Quote(Text)) + Parameters;
}
