using Microsoft.Extensions.DependencyInjection;
using Telephony.Testing;

namespace Telephony.Runtime.Storage;

public sealed class PersistentStateTests
{
    private readonly SimulatedTime _time = new();
    private readonly MemoryGrainStorage _storage = new();

    [Fact]
    public async Task What_was_written_is_there_in_the_next_activation_and_what_was_not_is_not()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<IKeeper>("a");
        Assert.Equal("new, not stored", await grain.Describe());

        await grain.Set("one", write: true);
        await grain.Set("two", write: false);
        await grain.Leave();

        Assert.Equal("one, stored", await grain.Describe());
        Assert.Equal("new, not stored", await silo.GetGrain<IKeeper>("b").Describe());
    }

    [Fact]
    public async Task State_survives_the_silo()
    {
        await using (var first = Start()) await first.GetGrain<IKeeper>("a").Set("one", write: true);
        await using var second = Start();

        Assert.Equal("one, stored", await second.GetGrain<IKeeper>("a").Describe());
    }

    [Fact]
    public async Task Cleared_state_is_new_again()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<IKeeper>("a");
        await grain.Set("one", write: true);

        await grain.Clear();

        Assert.Equal("new, not stored", await grain.Describe());
        Assert.Equal(0, _storage.Count);
    }

    [Fact]
    public async Task Writing_over_what_another_wrote_is_refused()
    {
        await using var silo = Start();
        var grain = silo.GetGrain<IKeeper>("a");
        await grain.Set("one", write: true);
        await _storage.Write("kept", "a", new Kept { Text = "another" }, "1", CancellationToken.None);

        await Assert.ThrowsAsync<InconsistentStateException>(async () => await grain.Set("two", write: true));
    }

    [Fact]
    public async Task Storage_that_fails_fails_the_call_and_the_next_one_reads_again()
    {
        var broken = new BrokenStorage { IsBroken = true };
        await using var silo = TestSilo.Start(_time, configureServices: services => services.AddSingleton<IGrainStorage>(broken));
        var grain = silo.GetGrain<IKeeper>("a");

        await Assert.ThrowsAsync<IOException>(async () => await grain.Describe());
        broken.IsBroken = false;

        Assert.Equal("new, not stored", await grain.Describe());
    }

    private TestSilo Start() => TestSilo.Start(_time, configureServices: services => services.AddSingleton<IGrainStorage>(_storage));

    public interface IKeeper : IGrainWithStringKey
    {
        Task Set(string text, bool write);
        ValueTask<string> Describe();
        Task Clear();
        ValueTask Leave();
    }

    [GenerateSerializer]
    internal sealed class Kept
    {
        [Id(0)]
        public string Text { get; set; } = "new";
    }

    internal sealed class KeeperGrain([PersistentState("kept")] IPersistentState<Kept> kept) : Grain, IKeeper
    {
        public async Task Set(string text, bool write)
        {
            kept.State.Text = text;
            if (write) await kept.WriteStateAsync();
        }

        public ValueTask<string> Describe() => new($"{kept.State.Text}, {(kept.RecordExists ? "" : "not ")}stored");

        public Task Clear() => kept.ClearStateAsync();

        public ValueTask Leave()
        {
            DeactivateOnIdle();
            return default;
        }
    }

    private sealed class BrokenStorage : IGrainStorage
    {
        public bool IsBroken { get; set; }

        public ValueTask<StoredState<T>?> Read<T>(string stateName, string grainKey, CancellationToken cancellationToken) =>
            IsBroken ? throw new IOException() : default;

        public ValueTask<string> Write<T>(string stateName, string grainKey, T state, string? etag, CancellationToken cancellationToken) => throw new IOException();

        public ValueTask Clear<T>(string stateName, string grainKey, string? etag, CancellationToken cancellationToken) => throw new IOException();
    }
}
