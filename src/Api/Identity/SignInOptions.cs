namespace Telephony.Api.Identity;

/// <summary>Section <c>Telephony:SignIn</c>: how often somebody may try a wrong password.</summary>
public sealed class SignInOptions
{
    /// <summary>Attempts for one login within <see cref="Window"/>, whether it exists or not. A right password sets it back.</summary>
    public int AttemptsPerLogin { get; set; } = 10;

    /// <summary>Failed attempts from one address (IPv6: one /64) within <see cref="Window"/>.</summary>
    public int AttemptsPerAddress { get; set; } = 100;

    /// <summary>Counted from the first attempt; it is also how long a lockout lasts at most.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a sign-in lasts without use.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(7);
}
