using Telephony.Media.Churn;

namespace Telephony.Media.Relay;

/// <summary>Counts what the whole process holds, so nothing else may run meanwhile.</summary>
[Collection("alone")]
public sealed class MemoryTests
{
    private const int Calls = 200;

    [Fact]
    public async Task A_relayed_call_holds_less_than_16_KiB_of_objects()
    {
        await using var test = new TestNode(pairs: (2 * Calls) + 20);
        using var phone = new Phone();
        var description = phone.Description();
        for (var i = 0; i < 10; i++) await Talk(await test.Call(description, description, $"warm{i}"));
        var before = Resources.Take().ManagedBytes;

        for (var i = 0; i < Calls; i++) await Talk(await test.Call(description, description, $"{i}-"));
        await test.Advance(1.5); // each has its samples by now

        Assert.InRange((Resources.Take().ManagedBytes - before) / Calls, 1, 16 * 1024);

        async Task Talk((int A, int B) ports)
        {
            phone.Send(Phone.Packet(), ports.A);
            await phone.Hear();
            phone.Send(Phone.Packet(), ports.B);
            await phone.Hear();
        }
    }
}
