namespace Telephony.Sip;

/// <summary>
/// Makes a phone answer by itself, for intercom and paging. There is a standard (Answer-Mode, RFC 5373) and there is what phones do; they leave alone what they don't know, so
/// all of it is sent together.
/// </summary>
public static class AutoAnswer
{
    private static readonly string[] Words = ["autoanswer", "auto answer", "auto-answer", "ring answer", "ring-answer", "intercom"];

    /// <summary>Asks the called phone to answer after this time. Without <c>Require: answermode</c>, so a phone that can't simply rings.</summary>
    /// <param name="host">A host of ours for the URIs that the grammar asks for; nobody fetches them.</param>
    public static SipRequestBuilder Write(SipRequestBuilder invite, string host, TimeSpan after = default)
    {
        var seconds = (uint)Math.Max(0, after.TotalSeconds);
        invite
            .Set(new CallInfo($"sip:{host}", AnswerAfter: seconds)) // snom, Linphone, Grandstream, Gigaset, AudioCodes
            .Set(new AlertInfo($"http://{host}", Info: "alert-autoanswer", Parameters: $";delay={seconds}")); // Yealink, Polycom, Mitel, Fanvil
        return seconds == 0 ? invite.Set("Answer-Mode", "Auto").Set("P-Auto-Answer", "normal") : invite;
    }

    /// <summary>After how long an INVITE asks to be answered by itself; null when it does not ask.</summary>
    public static TimeSpan? Read(SipRequest invite)
    {
        if (IsAuto(invite.Header("Answer-Mode")) || IsAuto(invite.Header("Priv-Answer-Mode"))) return TimeSpan.Zero;

        foreach (var info in invite.Headers<CallInfo>())
        {
            if (info.AnswerAfter is { } seconds) return TimeSpan.FromSeconds(seconds);
            var parameters = Parameters(info.Parameters);
            if (Says(parameters["info"])) return Delay(parameters);
        }

        foreach (var alert in invite.Headers<AlertInfo>())
        {
            var parameters = Parameters(alert.Parameters);
            if (parameters.TryNumber("answer-after", out var seconds) && seconds is { } given) return TimeSpan.FromSeconds(given);
            if (Says(alert.Info) || Says(alert.Text)) return Delay(parameters);
        }

        var asked = invite.Header("P-Auto-Answer")?.Equals("normal", StringComparison.OrdinalIgnoreCase) == true
            || string.Equals(invite.RequestUri.Parameters["intercom"], "true", StringComparison.OrdinalIgnoreCase);
        return asked ? TimeSpan.Zero : null;
    }

    private static bool IsAuto(string? mode) =>
        mode is not null && ValueText.TrySplit(mode, out var value, out _) && value.Equals("Auto", StringComparison.OrdinalIgnoreCase);

    private static bool Says(string? text) => text is not null && Array.Exists(Words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static TimeSpan Delay(SipParameters parameters) =>
        parameters.TryNumber("delay", out var seconds) && seconds is { } given ? TimeSpan.FromSeconds(given) : TimeSpan.Zero;

    private static SipParameters Parameters(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));
}
