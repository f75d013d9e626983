using System.Text.Json;
using Telephony.Testing;

namespace Telephony.Integration.Tests;

/// <summary>The numbered event feed, read as <c>telephony replay</c> does.</summary>
internal static class Feed
{
    public static async Task<List<JsonElement>> Read(Server server)
    {
        var lines = await server.Administrator.GetStringAsync("/api/v1/events?from=0");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone())];
    }

    /// <summary>Numbers rise, and every stream has each of its versions once and in order; a call's begins with its start and ends with its end.</summary>
    public static async Task IsComplete(Server server)
    {
        var feed = await Eventually.Get(() => Read(server), feed => feed.Count > 0);
        var numbers = feed.Select(line => line.GetProperty("number").GetInt64()).ToList();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        foreach (var stream in feed.GroupBy(line => line.GetProperty("stream").GetString()!))
        {
            Assert.Equal(Enumerable.Range(1, stream.Count()).Select(version => (long)version), stream.Select(line => line.GetProperty("version").GetInt64()));
            if (!stream.Key.StartsWith("call-", StringComparison.Ordinal)) continue;
            Assert.Equal("call_started", stream.First().GetProperty("type").GetString());
            Assert.Equal("call_ended", stream.Last().GetProperty("type").GetString());
        }
    }
}
