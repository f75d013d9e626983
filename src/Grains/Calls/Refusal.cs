namespace Telephony.Grains.Calls;

/// <summary>What a device's final status means, and what the caller is told when no device is left.</summary>
public static class Refusal
{
    /// <summary>A leg's reason, in snake_case.</summary>
    public static string Reason(int status) => status switch
    {
        486 or 600 => "busy",
        603 => "declined",
        408 or 480 => "no_answer",
        487 => "cancelled",
        _ => "failed",
    };

    /// <summary>
    /// The caller's status once all devices are gone. What a person decided beats silence, and silence beats a defect; what a phone says of itself
    /// (401, 5xx) is not the caller's business.
    /// </summary>
    public static (CallOutcome Outcome, int Status, string Reason) ForCaller(Call call)
    {
        var statuses = call.Legs.Skip(1).Select(leg => leg.Refused ?? 0).ToList();
        if (statuses.Any(status => status is 603 or 607)) return (CallOutcome.Declined, 603, "declined");
        if (statuses.Any(status => status is 486 or 600)) return (CallOutcome.Busy, 486, "busy");
        if (statuses.Any(status => status is 408 or 480)) return (CallOutcome.NoAnswer, 480, "no_answer");
        if (statuses.Any(status => status is 488 or 606)) return (CallOutcome.Failed, 488, "failed");
        return (CallOutcome.Failed, 480, "failed");
    }
}
