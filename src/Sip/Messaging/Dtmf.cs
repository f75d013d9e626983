using System.Globalization;

namespace Telephony.Sip;

/// <summary>A key that was pressed, told by INFO as phones did before RFC 6086: <c>application/dtmf-relay</c> or <c>application/dtmf</c>.</summary>
/// <param name="Digit">0 to 9, *, #, A to D; ! for a flash of the hook.</param>
/// <param name="Duration">How long; null when it is not said.</param>
[GenerateSerializer, Immutable]
public sealed record Dtmf([property: Id(0)] char Digit, [property: Id(1)] TimeSpan? Duration = null)
{
    public const string RelayType = "application/dtmf-relay";
    public const string PlainType = "application/dtmf";

    private const string Digits = "0123456789*#ABCD!";
    private const int MaxMilliseconds = 60_000;

    /// <summary>The key that an INFO tells; null when it tells none.</summary>
    public static Dtmf? Of(SipRequest info)
    {
        var relay = info.BodyOf(RelayType);
        return relay.IsEmpty ? ReadPlain(info.BodyOf(PlainType).Span) : ReadRelay(relay.Span);
    }

    /// <summary>The body of type <see cref="RelayType"/>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Signal={Digit}\r\nDuration={(int)(Duration ?? TimeSpan.FromMilliseconds(160)).TotalMilliseconds}\r\n");

    // lines of Name=Value, in any order
    internal static Dtmf? ReadRelay(ReadOnlySpan<byte> body)
    {
        char? digit = null;
        TimeSpan? duration = null;
        foreach (var range in body.SplitAny((byte)'\r', (byte)'\n'))
        {
            var line = body[range];
            var equals = line.IndexOf((byte)'=');
            if (equals < 0) continue;

            var name = Lexer.Trim(line[..equals]);
            var value = Lexer.Trim(line[(equals + 1)..]);
            if (Lexer.EqualsIgnoreCase(name, "Signal"u8)) digit ??= Key(value);
            else if (Lexer.EqualsIgnoreCase(name, "Duration"u8) && Lexer.TryNumber(value, MaxMilliseconds, out var milliseconds)) duration = TimeSpan.FromMilliseconds(milliseconds);
        }

        return digit is { } key ? new(key, duration) : null;
    }

    internal static Dtmf? ReadPlain(ReadOnlySpan<byte> body) => Key(Lexer.Trim(body.TrimEnd("\r\n"u8))) is { } digit ? new(digit) : null;

    // the number of the RTP event, as some write * and # (RFC 4733 §3.2), or the key itself
    private static char? Key(ReadOnlySpan<byte> text)
    {
        if (text.Length == 2 && Lexer.TryNumber(text, 16, out var number)) return Digits[(int)number];
        if (text.Length != 1) return null;

        var key = char.ToUpperInvariant((char)text[0]);
        return Digits.Contains(key, StringComparison.Ordinal) ? key : null;
    }
}
