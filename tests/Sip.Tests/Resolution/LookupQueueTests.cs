using Microsoft.Extensions.Logging.Abstractions;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>Who waits for a look-up, and how many may.</summary>
public class LookupQueueTests
{
    private readonly GatedLookup _dns = new();
    private readonly List<string> _went = [];
    private readonly LookupQueue _queue;

    public LookupQueueTests() => _queue = new(new(_dns, () => new(true, false, false), new Random(1)), new(), new VirtualTime(), NullLogger.Instance, LookupQueue.MaxRequests);

    private static SipTarget Target(string host) => new(host, 5060, null, IsSecure: false);

    private bool Add(string transaction, string host = "a.example", Func<bool>? cancel = null) => _queue.TryAdd(Target(host), transaction, _ => _went.Add(transaction), cancel);

    private async Task Open()
    {
        _dns.Gate.SetResult();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_queue.IsWaiting("last")) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
    }

    [Fact]
    public async Task Those_for_one_target_share_a_look_up_and_keep_their_order()
    {
        for (var number = 0; number < 50; number++) Assert.True(Add($"t{number}"));
        Assert.True(Add("t3"));
        Assert.True(Add("last"));
        await Open();

        Assert.Equal([.. Enumerable.Range(0, 50).Select(number => $"t{number}"), "last"], _went);
        Assert.Equal(1, _dns.Asked);
    }

    [Fact]
    public async Task A_fault_of_one_does_not_hold_up_those_behind_it()
    {
        Assert.True(_queue.TryAdd(Target("a.example"), "bad", _ => throw new InvalidOperationException()));
        Assert.True(Add("last"));
        await Open();

        Assert.Equal(["last"], _went);
        Assert.False(_queue.IsWaiting("bad"));
    }

    [Fact]
    public async Task A_fault_of_the_look_up_lets_nobody_wait_for_ever()
    {
        var isCalled = false;
        _dns.Fault = new InvalidOperationException();
        Assert.True(_queue.TryAdd(Target("a.example"), "t1", servers => isCalled = servers.Count == 0));
        Assert.True(Add("last"));
        await Open();

        Assert.True(isCalled);
        Assert.Equal(["last"], _went);
    }

    [Fact]
    public async Task Only_so_many_may_wait()
    {
        for (var number = 1; number < LookupQueue.MaxRequests; number++) Assert.True(Add($"t{number}", $"{number % 100}.example"));
        Assert.True(Add("last"));
        Assert.False(Add("one too many", "b.example"));
        await Open();

        Assert.True(Add("again"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_cancelled_does_not_go_if_that_is_enough(bool isEnough)
    {
        Add("t1", cancel: () => isEnough);
        Add("last");

        Assert.True(_queue.TryCancel("t1"));
        Assert.False(_queue.TryCancel("t2"));
        await Open();

        Assert.Equal(isEnough ? ["last"] : ["t1", "last"], _went);
        Assert.False(_queue.TryCancel("t1"));
    }

    private sealed class GatedLookup : IDnsLookup
    {
        private int _asked;

        public Exception? Fault { get; set; }

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked => _asked;

        public async ValueTask<DnsAnswer> Ask(DnsQuestion question, CancellationToken stop)
        {
            Interlocked.Increment(ref _asked);
            await Gate.Task.WaitAsync(stop);
            if (Fault is not null) throw Fault;
            return new(DnsOutcome.Found, [new AddressRecord(question.Name, TimeSpan.Zero, System.Net.IPAddress.Loopback)]);
        }
    }
}
