using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Telephony.Media.Codecs;

public sealed class TelephoneEventReceiverTests
{
    // packets as event:timestamp:duration, with ! for the end bit; what is told of them
    public static TheoryData<string, string, string> Packets => new()
    {
        { "one digit", "5:0:160 5:0:320 5:0:480! 5:0:480! 5:0:480!", "+5 -5(60)" },
        { "all end packets but the last are lost", "5:0:160 5:0:480!", "+5 -5(60)" },
        { "only an end packet comes", "11:0:800!", "+11 -11(100)" },
        { "only the three end packets come", "11:0:800! 11:0:800! 11:0:800!", "+11 -11(100)" },
        { "copies of each", "1:0:160 1:0:160 1:0:320 1:0:320 1:0:320! 1:0:320!", "+1 -1(40)" },
        { "reordered at the end", "1:0:160 1:0:480! 1:0:320 1:0:480!", "+1 -1(60)" },
        { "the same digit twice", "7:0:160 7:0:320! 7:0:320! 7:0:320! 7:1600:160 7:1600:320!", "+7 -7(40) +7 -7(40)" },
        { "its end is lost, and the next comes", "7:0:160 7:0:320 8:1600:160 8:1600:320!", "+7 -7(40) +8 -8(40)" },
        { "the same digit again, the end is lost", "7:0:160 7:0:320 7:1600:160 7:1600:320!", "+7 -7(40) +7 -7(40)" },
        { "an old packet comes late", "7:0:320! 8:1600:160 7:0:320! 8:1600:320!", "+7 -7(40) +8 -8(40)" },
        { "its end never comes", "7:0:160 7:0:320 wait", "+7 -7(40)" },
        { "a longer silence in it, but not too long", "7:0:160 pause 7:0:960!", "+7 -7(120)" },
        { "longer than 0xFFFF: segments (§2.5.1.3)", "7:0:65440 7:65440:160 7:65440:800!", "+7 -7(8280)" },
        { "a flash, no digit", "16:0:400!", "+16 -16(50)" },
        { "malformed", "short 5:0:160 short 5:0:320!", "+5 -5(40)" },
    };

    [Theory] // RFC 4733 §2.5.2
    [MemberData(nameof(Packets))]
    public void Each_event_is_told_once_with_its_length(string what, string packets, string told)
    {
        foreach (var (clock, offset) in ((int, uint)[])[(8000, 0), (8000, uint.MaxValue - 200), (48_000, 12345)])
        {
            if (clock == 48_000 && what.StartsWith("longer", StringComparison.Ordinal)) continue;
            Assert.Equal(told, Tell(packets, clock, offset).Trim());
        }
    }

    [Fact]
    public void Whatever_part_of_its_packets_is_lost_a_digit_is_told_once()
    {
        string[] packets = ["3:0:160", "3:0:320", "3:0:480", "3:0:640!", "3:0:640!", "3:0:640!"];
        for (var mask = 1; mask < 1 << packets.Length; mask++)
        {
            var told = Tell(string.Join(' ', packets.Where((_, i) => (mask >> i & 1) != 0)) + " wait", 8000, 77);
            Assert.Equal(1, told.Count(c => c == '+'));
            Assert.Equal(1, told.Count(c => c == '-'));
        }
    }

    private static string Tell(string packets, int clock, uint offset)
    {
        var (receiver, told, now, payload) = (new TelephoneEventReceiver(clock), new StringBuilder(), 1000L, new byte[4]);
        foreach (var word in packets.Split(' '))
        {
            now += 20;
            if (word is "wait" or "pause")
            {
                now += word == "wait" ? 200 : 70;
            }
            else if (word == "short")
            {
                receiver.Receive(offset, [5, 0, 0], now, out _);
            }
            else
            {
                var parts = word.TrimEnd('!').Split(':');
                var scale = clock / 8000;
                payload[0] = byte.Parse(parts[0], CultureInfo.InvariantCulture);
                payload[1] = (byte)(word.EndsWith('!') ? 0x8a : 0x0a);
                BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)(int.Parse(parts[2], CultureInfo.InvariantCulture) * scale));
                var step = receiver.Receive(offset + (uint)(int.Parse(parts[1], CultureInfo.InvariantCulture) * scale), payload, now, out var ended);
                if (ended is { } old) told.Append(CultureInfo.InvariantCulture, $" -{old.Event}({old.Duration.TotalMilliseconds:0})");
                if (step is EventStep.Began or EventStep.BeganAndEnded) told.Append(CultureInfo.InvariantCulture, $" +{receiver.Event}");
                if (step is EventStep.Ended or EventStep.BeganAndEnded) told.Append(CultureInfo.InvariantCulture, $" -{receiver.Event}({receiver.Duration.TotalMilliseconds:0})");
            }

            if (receiver.HasTimedOut(now)) told.Append(CultureInfo.InvariantCulture, $" -{receiver.Event}({receiver.Duration.TotalMilliseconds:0})");
        }

        return told.ToString();
    }
}
