using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Telephony.Sip;

/// <summary>The body of the package <c>message-summary</c>: the lamp of a phone, and how many messages wait (RFC 3842 §5.2).</summary>
/// <param name="IsWaiting">The lamp.</param>
/// <param name="Account">Whose mailbox, as a URI; null when it is not said.</param>
[GenerateSerializer, Immutable]
public sealed record MessageSummary(
    [property: Id(0)] bool IsWaiting, [property: Id(1)] string? Account, [property: Id(2)] ImmutableArray<MessageCount> Counts)
{
    public const string ContentType = "application/simple-message-summary";

    private const int MaxLines = 32;

    /// <summary>Of a mailbox of voice messages alone.</summary>
    public static MessageSummary Voice(int unheard, int heard, string? account = null) =>
        new(unheard > 0, account, [new("Voice-Message", unheard, heard)]);

    /// <summary>Reads a body; lines that are not known, and those of the single messages behind them, are left out.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out MessageSummary? summary)
    {
        summary = null;
        bool? isWaiting = null;
        string? account = null;
        var counts = ImmutableArray.CreateBuilder<MessageCount>();
        foreach (var line in Lexer.Text(body).ReplaceLineEndings("\n").Split('\n', MaxLines + 1).Take(MaxLines))
        {
            if (line.Length == 0) break; // what follows is about single messages
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) return false;

            var (name, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (name.Equals("Messages-Waiting", StringComparison.OrdinalIgnoreCase))
            {
                if (!value.Equals("yes", StringComparison.OrdinalIgnoreCase) && !value.Equals("no", StringComparison.OrdinalIgnoreCase)) return false;
                isWaiting = value.Equals("yes", StringComparison.OrdinalIgnoreCase);
            }
            else if (name.Equals("Message-Account", StringComparison.OrdinalIgnoreCase)) account = value;
            else if (MessageCount.TryParse(name, value, out var count)) counts.Add(count);
        }

        if (isWaiting is not { } lamp) return false;
        summary = new(lamp, account, counts.ToImmutable());
        return true;
    }

    /// <summary>The body.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append("Messages-Waiting: ").Append(IsWaiting ? "yes" : "no").Append("\r\n");
        if (Account is not null) text.Append("Message-Account: ").Append(Account).Append("\r\n");
        foreach (var count in Counts) text.Append(CultureInfo.InvariantCulture, $"{count}\r\n");
        return text.ToString();
    }
}
