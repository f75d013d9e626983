using Microsoft.Extensions.Options;

namespace Telephony.Configuration;

/// <summary>Says which key has which value and what is allowed.</summary>
internal sealed class OptionsValidator : IValidateOptions<DataOptions>, IValidateOptions<ConfigurationReaderOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options) =>
        !string.IsNullOrWhiteSpace(options.Data) && options.Data.IndexOfAny(Path.GetInvalidPathChars()) < 0 && !File.Exists(options.Data)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Telephony:Data is '{options.Data}': the path of a folder is allowed.");

    public ValidateOptionsResult Validate(string? name, ConfigurationReaderOptions options) =>
        options.CachedEntries is >= 1000 and <= 100_000_000
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Telephony:Configuration:CachedEntries is {options.CachedEntries}: a number from 1000 to 100000000 is allowed.");
}
