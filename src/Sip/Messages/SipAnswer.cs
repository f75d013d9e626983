using System.Collections.Immutable;
using System.Globalization;

namespace Telephony.Sip;

/// <summary>What the rules of a usage want a request answered with, as plain data.</summary>
/// <param name="Headers">Besides those that every answer has.</param>
/// <param name="Reason">The RFC's phrase when null.</param>
[GenerateSerializer, Immutable]
public sealed record SipAnswer(
    [property: Id(0)] int Status, [property: Id(1)] ImmutableArray<KeyValuePair<string, string>> Headers, [property: Id(2)] string? Reason = null)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public static SipAnswer Of(int status, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var all = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(headers.Length);
        foreach (var (name, value) in headers) all.Add(new(name, value));
        return new(status, all.ToImmutable());
    }

    /// <summary>The value of a header; null when there is none.</summary>
    public string? this[string name] => Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Starts the answer with these headers in it.</summary>
    public SipResponseBuilder Respond(SipRequest request, string? toTag = null)
    {
        var response = SipResponse.For(request, Status, Reason, toTag);
        foreach (var (name, value) in Headers) response.Add(name, value);
        return response;
    }

    internal static string Seconds(TimeSpan time) => ((long)Math.Max(0, Math.Ceiling(time.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
}
