using Telephony.Testing;

namespace Telephony.Runtime.Calls;

public sealed class ObserverTests
{
    [Fact]
    public async Task A_grain_calls_an_object_outside_until_its_reference_is_deleted()
    {
        await using var silo = TestSilo.Start(new());
        var bell = new Bell();
        var reference = silo.Client.CreateObjectReference<IBell>(bell);
        var grain = silo.GetGrain<IRinger>("a");

        Assert.Equal(2, await grain.Ring(reference, "ding"));
        Assert.Equal(["ding", "ding (told)"], bell.Rings);

        silo.Client.DeleteObjectReference<IBell>(reference);
        await silo.RunUntilIdle();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await grain.Ring(reference, "dong"));
    }

    public interface IBell : IGrainObserver
    {
        ValueTask<int> Ring(string sound);
        void Tell(string sound);
    }

    public interface IRinger : IGrainWithStringKey
    {
        ValueTask<int> Ring(IBell bell, string sound);
    }

    internal sealed class RingerGrain : Grain, IRinger
    {
        public async ValueTask<int> Ring(IBell bell, string sound)
        {
            var rings = await bell.Ring(sound);
            bell.Tell($"{sound} (told)");
            return rings + 1;
        }
    }

    private sealed class Bell : IBell
    {
        public List<string> Rings { get; } = [];

        public ValueTask<int> Ring(string sound)
        {
            Rings.Add(sound);
            return new(Rings.Count);
        }

        public void Tell(string sound) => Rings.Add(sound);
    }
}
