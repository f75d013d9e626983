using System.Net;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>Servers without a network. All answer from the zone, in bytes, unless the test says otherwise.</summary>
internal sealed class FakeExchange(Zone zone) : IDnsExchange
{
    /// <summary>No answer, however long one waits.</summary>
    public static readonly byte[] Silence = new byte[1];

    private readonly Lock _lock = new();
    private readonly List<(IPEndPoint Server, DnsQuestion Question, bool IsStream)> _asked = [];

    public Zone Zone { get; set; } = zone;

    /// <summary>What a server sends instead of the zone's answer; null: that one.</summary>
    public Func<IPEndPoint, DnsQuery, bool, byte[]?> Do { get; set; } = (_, _, _) => null;

    /// <summary>Answers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public IReadOnlyList<(IPEndPoint Server, DnsQuestion Question, bool IsStream)> Asked
    {
        get
        {
            lock (_lock) return [.. _asked];
        }
    }

    public async Task<DnsMessage?> Ask(IPEndPoint server, DnsQuery query, bool isStream, CancellationToken stop)
    {
        lock (_lock) _asked.Add((server, query.Question, isStream));
        await Gate.WaitAsync(stop);
        var bytes = Do(server, query, isStream) ?? DnsWire.Answer(query.Wire.Span, Zone);
        if (bytes == Silence) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        return query.TryAccept(bytes, out var answer) ? answer : null;
    }
}

internal static class VirtualTimeExtensions
{
    /// <summary>Lets time pass until a task has ended.</summary>
    public static async Task<T> Until<T>(this VirtualTime time, Task<T> task)
    {
        for (var step = 0; step < 2_000 && !task.IsCompleted; step++)
        {
            time.Advance(100);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return await task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }
}
