using Microsoft.Extensions.Options;

namespace Telephony.Api.Identity;

internal sealed class SignInOptionsValidator : IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        var wrong = new List<string>();
        Check(options.AttemptsPerLogin is >= 1 and <= 1_000_000, "AttemptsPerLogin", options.AttemptsPerLogin, "a number from 1 to 1000000");
        Check(options.AttemptsPerAddress is >= 1 and <= 1_000_000, "AttemptsPerAddress", options.AttemptsPerAddress, "a number from 1 to 1000000");
        Check(options.Window >= TimeSpan.FromSeconds(1) && options.Window <= TimeSpan.FromDays(1), "Window", options.Window, "a time from 00:00:01 to 1.00:00:00");
        Check(options.Lifetime >= TimeSpan.FromMinutes(1) && options.Lifetime <= TimeSpan.FromDays(365), "Lifetime", options.Lifetime, "a time from 00:01:00 to 365.00:00:00");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(bool isGood, string key, object value, string allowed)
        {
            if (!isGood) wrong.Add($"Telephony:SignIn:{key} is '{value}': {allowed} is allowed.");
        }
    }
}
