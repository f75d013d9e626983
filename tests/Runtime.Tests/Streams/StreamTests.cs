using Telephony.Testing;

namespace Telephony.Runtime.Streams;

public sealed class StreamTests
{
    private const string Provider = "live";
    private readonly SimulatedTime _time = new();

    [Fact]
    public async Task Every_subscriber_sees_the_items_in_the_order_of_publication()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<IListener>("g");
        await grain.Subscribe(StreamId.Create("news", "all"));
        var heard = new List<string>();
        var stream = Stream(silo, "all");
        await stream.SubscribeAsync((item, _) => Hear(heard, item));

        for (var i = 0; i < 100; i++) await stream.OnNextAsync(new($"{i}"));
        await silo.RunUntilIdle();

        var expected = Enumerable.Range(0, 100).Select(i => $"{i}").ToList();
        Assert.Equal(expected, heard);
        Assert.Equal(expected, await grain.Heard());
    }

    [Fact]
    public async Task A_failing_subscriber_gets_the_next_item_and_disturbs_no_other()
    {
        await using var silo = TestSilo.Start(_time);
        var stream = Stream(silo, "all");
        var (failing, other) = (new List<string>(), new List<string>());
        await stream.SubscribeAsync((item, _) =>
        {
            failing.Add(item.Text);
            throw new InvalidOperationException("deaf");
        });
        await stream.SubscribeAsync((item, _) => Hear(other, item));

        await stream.OnNextAsync(new("one"));
        await stream.OnNextAsync(new("two"));
        await silo.RunUntilIdle();

        Assert.Equal(["one", "two"], failing);
        Assert.Equal(["one", "two"], other);
        Assert.Equal(2, silo.Errors.Count(error => error.Contains("deaf")));
    }

    [Fact]
    public async Task A_slow_subscriber_holds_nobody_up_loses_the_oldest_items_and_is_told()
    {
        await using var silo = TestSilo.Start(_time, configure: options => options.MaxQueuedStreamItems = 3);
        var stream = Stream(silo, "all");
        var slow = new SlowObserver();
        var quick = new List<string>();
        await stream.SubscribeAsync(slow);
        await stream.SubscribeAsync((item, _) => Hear(quick, item));

        for (var i = 0; i < 10; i++)
        {
            await stream.OnNextAsync(new($"{i}"));
            await silo.RunUntilIdle();
        }

        Assert.Equal(10, quick.Count);
        slow.Gate.SetResult();
        await silo.RunUntilIdle();
        Assert.Equal(["0", "lost", "7", "8", "9"], slow.Heard);
    }

    [Fact]
    public async Task A_subscription_of_a_grain_outlives_its_activation_and_is_resumed()
    {
        await using var silo = TestSilo.Start(_time);
        var grain = silo.GetGrain<IListener>("g");
        await grain.Subscribe(StreamId.Create("news", "all"));
        await Stream(silo, "all").OnNextAsync(new("before"));
        await silo.RunUntilIdle();
        await grain.Leave();

        await Stream(silo, "all").OnNextAsync(new("after"));
        await silo.RunUntilIdle();

        Assert.Equal(["after"], await grain.Heard());
    }

    [Fact]
    public async Task An_implicit_subscriber_is_activated_by_the_first_item()
    {
        await using var silo = TestSilo.Start(_time);

        await Stream(silo, "key", "alerts").OnNextAsync(new("wake up"));
        await silo.RunUntilIdle();

        Assert.Equal(1, silo.Activations);
        Assert.Equal(["wake up"], await silo.GetGrain<IImplicitListener>("key").Heard());
        Assert.Empty(await silo.GetGrain<IImplicitListener>("another").Heard());
    }

    [Fact]
    public async Task An_implicit_subscriber_that_has_gone_is_activated_again()
    {
        await using var silo = TestSilo.Start(_time);
        var stream = Stream(silo, "key", "alerts");
        await stream.OnNextAsync(new("one"));
        await _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(0, silo.Activations);

        await stream.OnNextAsync(new("two"));
        await silo.RunUntilIdle();

        Assert.Equal(["two"], await silo.GetGrain<IImplicitListener>("key").Heard());
    }

    [Fact]
    public async Task After_unsubscribing_nothing_comes_any_more()
    {
        await using var silo = TestSilo.Start(_time);
        var stream = Stream(silo, "all");
        var heard = new List<string>();
        var handle = await stream.SubscribeAsync((item, _) => Hear(heard, item));
        await stream.OnNextAsync(new("one"));
        await silo.RunUntilIdle();

        await handle.UnsubscribeAsync();
        await stream.OnNextAsync(new("two"));
        await silo.RunUntilIdle();

        Assert.Equal(["one"], heard);
        Assert.Empty(await stream.GetAllSubscriptionHandles());
    }

    [Fact]
    public async Task Streams_of_other_keys_namespaces_and_providers_are_apart()
    {
        await using var silo = TestSilo.Start(_time);
        var heard = new List<string>();
        await Stream(silo, "a").SubscribeAsync((item, _) => Hear(heard, item));

        await Stream(silo, "b").OnNextAsync(new("other key"));
        await Stream(silo, "a", "weather").OnNextAsync(new("other namespace"));
        await silo.Client.GetStreamProvider("other").GetStream<News>(StreamId.Create("news", "a")).OnNextAsync(new("other provider"));
        await silo.RunUntilIdle();

        Assert.Empty(heard);
    }

    private static IAsyncStream<News> Stream(TestSilo silo, string key, string ns = "news") =>
        silo.Client.GetStreamProvider(Provider).GetStream<News>(StreamId.Create(ns, key));

    private static Task Hear(List<string> heard, News item)
    {
        heard.Add(item.Text);
        return Task.CompletedTask;
    }

    [GenerateSerializer, Immutable]
    public sealed record News([property: Id(0)] string Text);

    public interface IListener : IGrainWithStringKey
    {
        Task Subscribe(StreamId stream);
        ValueTask<List<string>> Heard();
        ValueTask Leave();
    }

    public interface IImplicitListener : IGrainWithStringKey
    {
        ValueTask<List<string>> Heard();
    }

    internal sealed class ListenerGrain : Grain, IListener
    {
        private readonly List<string> _heard = [];

        public override async Task OnActivateAsync(CancellationToken cancellationToken)
        {
            var stream = this.GetStreamProvider(Provider).GetStream<News>(StreamId.Create("news", "all"));
            foreach (var handle in await stream.GetAllSubscriptionHandles()) await handle.ResumeAsync((item, _) => Hear(_heard, item));
        }

        public Task Subscribe(StreamId stream) => this.GetStreamProvider(Provider).GetStream<News>(stream).SubscribeAsync((item, _) => Hear(_heard, item));

        public ValueTask<List<string>> Heard() => new(_heard);

        public ValueTask Leave()
        {
            DeactivateOnIdle();
            return default;
        }
    }

    [ImplicitStreamSubscription("alerts")]
    internal sealed class ImplicitListenerGrain : Grain, IImplicitListener
    {
        private readonly List<string> _heard = [];

        public override Task OnActivateAsync(CancellationToken cancellationToken) =>
            this.GetStreamProvider(Provider).GetStream<News>(StreamId.Create("alerts", this.GetPrimaryKeyString())).SubscribeAsync((item, _) => Hear(_heard, item));

        public ValueTask<List<string>> Heard() => new(_heard);
    }

    private sealed class SlowObserver : IAsyncObserver<News>
    {
        public TaskCompletionSource Gate { get; } = new();
        public List<string> Heard { get; } = [];

        public async Task OnNextAsync(News item, StreamSequenceToken? token = null)
        {
            Heard.Add(item.Text);
            await Gate.Task;
        }

        public Task OnErrorAsync(Exception ex)
        {
            Heard.Add("lost");
            return Task.CompletedTask;
        }
    }
}
