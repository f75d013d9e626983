namespace Telephony.Sip;

/// <summary>How far redirections are followed (RFC 3261 §8.1.3.4).</summary>
/// <param name="MaxTargets">That are tried for one call, the first counted.</param>
/// <param name="MaxDepth">Redirections of redirections.</param>
/// <param name="MaxAge">How long a target is good at most, whatever its expires says.</param>
public sealed record RedirectLimits(int MaxTargets, int MaxDepth, TimeSpan MaxAge)
{
    /// <summary>Ten targets, five deep, ten minutes.</summary>
    public static RedirectLimits Default { get; } = new(10, 5, TimeSpan.FromMinutes(10));
}
