namespace Telephony.Sip;

/// <summary>What a registrar grants.</summary>
/// <param name="MinExpires">A shorter wish gets 423 (RFC 3261 §10.3).</param>
/// <param name="DefaultExpires">For a contact that names no time.</param>
/// <param name="MaxExpires">A longer wish is cut to this.</param>
/// <param name="FlowTimer">How often outbound clients send keep-alives on their connections (RFC 5626 §4.4).</param>
/// <param name="MaxBindings">Of one address-of-record; one more gets 403.</param>
public sealed record RegistrarLimits(TimeSpan MinExpires, TimeSpan DefaultExpires, TimeSpan MaxExpires, int MaxBindings, TimeSpan FlowTimer)
{
    /// <summary>One minute, ten minutes, one hour, ten bindings; two minutes between keep-alives.</summary>
    public static RegistrarLimits Default { get; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), 10, TimeSpan.FromMinutes(2));
}
