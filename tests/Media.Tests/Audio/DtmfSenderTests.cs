using System.Buffers.Binary;
using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

public sealed class DtmfSenderTests
{
    private readonly TestEvents _events = new();
    private readonly AudioGroup _group = new();

    [Fact]
    [Trait("Rfc", "4733-2.5.1")]
    public void Digits_go_out_one_after_the_other_each_told_to_end_three_times()
    {
        var (a, b) = (new Listener("a", _events, 1000), new Listener("b", _events));
        b.Hears((a, 1));
        b.Leg.Digits.TryAdd(new DtmfCommand("c", "1#", Length: 5));
        _group.Plan = new GroupPlan(8000, [a.Seat, b.Seat], [], []);

        Run(40);

        var events = b.Packets.Where(p => p.Type == 101).ToArray();
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 11, 11, 11, 11, 11, 11, 11, 11], events.Select(e => (int)e.Payload[0]));
        Assert.Equal([160, 320, 480, 640, 800, 800, 800, 800], events.Take(8).Select(e => (int)BinaryPrimitives.ReadUInt16BigEndian(e.Payload.AsSpan(2))));
        Assert.Equal([false, false, false, false, false, true, true, true], events.Take(8).Select(e => (e.Payload[1] & 0x80) != 0));
        Assert.Equal([true, false, false, false, false, false, false, false], events.Take(8).Select(e => e.Marker));
        Assert.All(events.Where(e => !e.Marker), e => Assert.Equal(0u, e.Step));
        Assert.Equal(40 * 160, b.Packets.Sum(p => p.Step)); // the clock goes on over it all
        Assert.False(b.Leg.Digits.IsBusy);
    }

    [Fact]
    [Trait("Rfc", "4733-2.5.1.3")]
    public void A_digit_held_for_long_goes_on_in_another_segment()
    {
        var (a, b) = (new Listener("a", _events, 1000), new Listener("b", _events));
        b.Hears((a, 1));
        _group.Plan = new GroupPlan(8000, [a.Seat, b.Seat], [], []);

        a.Input.Digit = '5';
        Run(500); // 10 s; a segment is at most 8.2 s
        a.Input.Digit = '\0';
        Run(20);

        var events = b.Packets.Where(p => p.Type == 101).ToArray();
        Assert.Single(events, e => e.Marker);
        Assert.Equal(2, events.Count(e => e.Step > 0));
        Assert.Equal(3, events.Count(e => (e.Payload[1] & 0x80) != 0));
        Assert.Equal(520 * 160, b.Packets.Sum(p => p.Step));
        Assert.True(b.Level(1000, 100) > 0.2, "the voice is back");
    }

    [Fact]
    public void A_digit_becomes_tones_for_who_takes_no_events_and_is_not_heard_twice()
    {
        var format = new LegFormat(0, 8000, EventPayloadType: null, DtmfMode.Auto);
        var (a, b) = (new Listener("a", _events, 1000), new Listener("b", _events, format: format));
        b.Hears((a, 1));
        _group.Plan = new GroupPlan(8000, [a.Seat, b.Seat], [], []);
        Run(10);

        a.Input.Digit = '7';
        Run(20);

        Assert.InRange(b.Level(852), 0.15, 0.3);
        Assert.InRange(b.Level(1209), 0.15, 0.3);
        Assert.True(b.Level(1000) < 0.01, "the peer's own sound is heard beside the tones");
        a.Input.Digit = '\0';
        Run(20);
        Assert.True(b.Level(1000) > 0.2);
        Assert.True(b.Level(852) < 0.01);
    }

    [Fact]
    public void A_full_queue_refuses_and_a_repeated_command_is_sent_once()
    {
        var queue = new DtmfQueue();
        for (var i = 0; i < DtmfQueue.Capacity; i++) Assert.True(queue.TryAdd(new DtmfCommand($"{i}", "1", 5)));

        Assert.True(queue.TryAdd(new DtmfCommand($"{DtmfQueue.Capacity - 1}", "1", 5)));
        Assert.False(queue.TryAdd(new DtmfCommand("more", "1", 5)));
        var taken = 0;
        while (queue.Take() is not null) taken++;
        Assert.Equal(DtmfQueue.Capacity, taken);
    }

    private void Run(int ticks)
    {
        for (var i = 0; i < ticks; i++) _group.Tick(1, 0, new Traffic());
    }
}
