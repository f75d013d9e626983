namespace Telephony.Bench.Runtime;

/// <summary>The grain that is measured: it does next to nothing.</summary>
public interface IPing : IGrainWithStringKey
{
    ValueTask Ping();
    Task<int> PingTask();
    ValueTask<int> Echo(Payload payload);
    ValueTask<int> PingLater();

    /// <summary>Calls another grain so many times, and returns the calls' latencies in timestamps if asked.</summary>
    [ResponseTimeout("00:05:00")]
    Task Call(string other, int times);

    [ResponseTimeout("00:05:00")]
    Task CallLater(string other, int times);
}

/// <summary>About 64 bytes.</summary>
[GenerateSerializer, Immutable]
public sealed record Payload([property: Id(0)] long A, [property: Id(1)] long B, [property: Id(2)] string Text);

internal sealed class PingGrain : Grain, IPing
{
    private static readonly Payload Sent = new(1, 2, "0123456789abcdef");
    private int _count;

    public ValueTask Ping()
    {
        _count++;
        return default;
    }

    public Task<int> PingTask() => Task.FromResult(++_count);

    public ValueTask<int> Echo(Payload payload) => new(++_count);

    public async ValueTask<int> PingLater()
    {
        await Task.Yield();
        return ++_count;
    }

    public async Task Call(string other, int times)
    {
        var ping = GrainFactory.GetGrain<IPing>(other);
        for (var i = 0; i < times; i++) await ping.Echo(Sent);
    }

    public async Task CallLater(string other, int times)
    {
        var ping = GrainFactory.GetGrain<IPing>(other);
        for (var i = 0; i < times; i++) await ping.PingLater();
    }
}
