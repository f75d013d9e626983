using System.Diagnostics;
using Xunit.Sdk;

namespace Telephony.Testing;

/// <summary>Waits for what other processes do: polls until it is so, or fails with what was seen last.</summary>
public static class Eventually
{
    private static readonly TimeSpan Usually = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(25);

    /// <summary>The first value that <paramref name="isIt"/> accepts. A look that throws is taken as "not yet".</summary>
    public static async Task<T> Get<T>(Func<Task<T>> look, Func<T, bool> isIt, TimeSpan? limit = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            object? seen;
            try
            {
                var value = await look();
                if (isIt(value)) return value;
                seen = value;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
            {
                seen = e;
            }

            if (Stopwatch.GetElapsedTime(since) > (limit ?? Usually)) throw new XunitException($"Not so within {limit ?? Usually}; seen last: {seen}");
            await Task.Delay(Between, TimeProvider.System);
        }
    }

    public static Task Is(Func<Task<bool>> look, TimeSpan? limit = null) => Get(look, so => so, limit);

    public static Task Is(Func<bool> look, TimeSpan? limit = null) => Get(() => Task.FromResult(look()), so => so, limit);
}
