using Microsoft.Extensions.Options;

namespace Telephony.Blobs;

internal sealed class BlobOptionsValidator : IValidateOptions<BlobOptions>
{
    public ValidateOptionsResult Validate(string? name, BlobOptions options)
    {
        var errors = new List<string>();
        if (!BlobAccount.TryParse(options.ConnectionString, out _, out var error)) // its value holds a key: not said
        {
            errors.Add($"ConnectionStrings:Blobs {error}");
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromMinutes(10))
        {
            errors.Add($"Telephony:Blobs:Timeout is {options.Timeout}, allowed is more than 0 and up to 00:10:00");
        }

        if (options.Attempts is < 1 or > 10) errors.Add($"Telephony:Blobs:Attempts is {options.Attempts}, allowed is 1 to 10");
        if (options.Backoff < TimeSpan.Zero || options.Backoff > TimeSpan.FromMinutes(1))
        {
            errors.Add($"Telephony:Blobs:Backoff is {options.Backoff}, allowed is 0 to 00:01:00");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
