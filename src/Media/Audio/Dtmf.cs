using System.Buffers.Binary;

namespace Telephony.Media.Audio;

/// <summary>The sixteen digits: their numbers as events (RFC 4733 §3.2) and their pairs of tones (ITU-T Q.23).</summary>
internal static class Dtmf
{
    public const string Digits = "0123456789*#ABCD";

    /// <summary>Bytes of an event's payload (RFC 4733 §2.3).</summary>
    public const int EventLength = 4;

    private const byte Volume = 10; // -10 dBm0
    private static readonly int[] Low = [941, 697, 697, 697, 770, 770, 770, 852, 852, 852, 941, 941, 697, 770, 852, 941];
    private static readonly int[] High = [1336, 1209, 1336, 1477, 1209, 1336, 1477, 1209, 1336, 1477, 1209, 1477, 1633, 1633, 1633, 1633];

    /// <summary>-1: not a digit.</summary>
    public static int IndexOf(char digit) => Digits.IndexOf(digit, StringComparison.Ordinal);

    /// <summary>The digit of an event; 0: it is not a digit.</summary>
    public static char DigitOf(byte number) => number < Digits.Length ? Digits[number] : '\0';

    /// <summary>Its two frequencies in Hz.</summary>
    public static (int Low, int High) Tones(char digit) => IndexOf(digit) is >= 0 and var i ? (Low[i], High[i]) : (0, 0);

    /// <param name="duration">In units of the timestamps.</param>
    public static void WriteEvent(Span<byte> payload, char digit, bool isEnd, ushort duration)
    {
        payload[0] = (byte)IndexOf(digit);
        payload[1] = (byte)(Volume | (isEnd ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], duration);
    }
}
