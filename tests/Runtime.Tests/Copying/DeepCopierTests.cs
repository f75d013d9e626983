using System.Collections.Immutable;
using Telephony.Testing;

namespace Telephony.Runtime.Copying;

public sealed class DeepCopierTests
{
    private readonly DeepCopier _copier = new(trustsImmutable: false);

    [Fact]
    public void A_copy_equals_and_is_another_object()
    {
        var original = new Order("a", [new(1), new(2)], ImmutableArray.Create("x", "y"), new() { ["k"] = new(3) }, (1, "t"), DateTimeOffset.UnixEpoch, 7);

        var copy = _copier.Copy(original);

        Assert.NotSame(original, copy);
        Assert.NotSame(original.Lines, copy.Lines);
        Assert.NotSame(original.Lines[0], copy.Lines[0]);
        Assert.Equal(original.Lines, copy.Lines);
        Assert.Equal(original.Tags.ToArray(), copy.Tags.ToArray());
        Assert.Equal(original.ByName, copy.ByName);
        Assert.Equal((original.Id, original.Pair, original.At, original.Optional), (copy.Id, copy.Pair, copy.At, copy.Optional));
    }

    [Fact]
    public void Collections_of_every_kind_are_copied()
    {
        Assert.Equal([1, 2], _copier.Copy(ImmutableList.Create(1, 2)));
        Assert.Equal([1, 2], _copier.Copy(ImmutableHashSet.Create(1, 2)).Order());
        Assert.Equal(5, _copier.Copy(ImmutableDictionary<string, int>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase).Add("a", 5))["A"]);
        Assert.Equal(5, _copier.Copy(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 5 })["A"]);
        Assert.Equal("ab"u8.ToArray(), _copier.Copy<ReadOnlyMemory<byte>>("ab"u8.ToArray()).ToArray());
        Assert.Equal([1, 2, 3], _copier.Copy(new HashSet<int> { 1, 2, 3 }).Order());
        Assert.True(_copier.Copy(default(ImmutableArray<int>)).IsDefault);
        Assert.Null(_copier.Copy<string?>(null));
    }

    [Fact]
    public void The_same_object_twice_is_the_same_copy_twice()
    {
        var line = new Line(1);

        var copy = _copier.Copy(new[] { line, line });

        Assert.Same(copy[0], copy[1]);
        Assert.NotSame(line, copy[0]);
    }

    [Fact]
    public void Inherited_members_are_copied() => Assert.Equal(new Derived(1, 2), _copier.Copy<Base>(new Derived(1, 2)));

    [Fact]
    public void A_member_without_an_id_is_lost_as_it_would_be_on_the_wire() => Assert.Null(_copier.Copy(new Forgetful { Text = "x" }).Text);

    [Fact]
    public void What_is_not_serializable_fails_and_says_where()
    {
        var failure = Assert.Throws<NotSupportedException>(() => _copier.Copy(new Holder(new())));

        Assert.Contains("Holder.", failure.Message);
        Assert.Contains("Unmarked", failure.Message);
    }

    [Fact]
    public void Immutable_types_are_handed_over_only_if_trusted()
    {
        var line = new Line(1);

        Assert.NotSame(line, _copier.Copy(line));
        Assert.Same(line, new DeepCopier(trustsImmutable: true).Copy(line));
    }

    [Fact]
    public async Task A_grain_gets_and_gives_copies()
    {
        await using var silo = TestSilo.Start(new());
        var list = new List<int> { 1 };
        var grain = silo.GetGrain<IHoarder>("a");

        await grain.Keep(list);
        list.Add(2);
        (await grain.Kept()).Add(3);

        Assert.Equal([1], await grain.Kept());
    }

    [Fact]
    public async Task A_call_with_what_is_not_serializable_fails()
    {
        await using var silo = TestSilo.Start(new());

        await Assert.ThrowsAsync<NotSupportedException>(async () => await silo.GetGrain<IHoarder>("a").Take(new Unmarked()));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await silo.GetGrain<IHoarder>("a").Give());
    }

    [GenerateSerializer]
    public sealed record Order(
        [property: Id(0)] string Id, [property: Id(1)] List<Line> Lines, [property: Id(2)] ImmutableArray<string> Tags, [property: Id(3)] Dictionary<string, Line> ByName,
        [property: Id(4)] (int, string) Pair, [property: Id(5)] DateTimeOffset At, [property: Id(6)] int? Optional);

    [GenerateSerializer, Immutable]
    public sealed record Line([property: Id(0)] int Number);

    [GenerateSerializer]
    public record Base([property: Id(0)] int One);

    [GenerateSerializer]
    public sealed record Derived(int One, [property: Id(0)] int Two) : Base(One);

    [GenerateSerializer]
    public sealed record Forgetful
    {
        public string? Text { get; init; }
    }

    [GenerateSerializer]
    public sealed record Holder([property: Id(0)] Unmarked Inner);

    public sealed record Unmarked;

    public interface IHoarder : IGrainWithStringKey
    {
        ValueTask Keep(List<int> list);
        ValueTask<List<int>> Kept();
        ValueTask Take(Unmarked unmarked);
        Task<Unmarked> Give();
    }

    internal sealed class HoarderGrain : Grain, IHoarder
    {
        private List<int> _kept = [];

        public ValueTask Keep(List<int> list)
        {
            _kept = list;
            return default;
        }

        public ValueTask<List<int>> Kept() => new(_kept);
        public ValueTask Take(Unmarked unmarked) => default;
        public Task<Unmarked> Give() => Task.FromResult(new Unmarked());
    }
}
