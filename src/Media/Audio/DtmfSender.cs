namespace Telephony.Media.Audio;

/// <summary>
/// Which digit a leg's peer is sent in each tick: those of commands, one after the other, and else the digit that somebody it hears is holding down, as long as that is
/// held. A pure machine; <see cref="LegSender"/> makes packets or tones of it.
/// </summary>
internal sealed class DtmfSender(DtmfQueue queue)
{
    /// <summary>Ticks: a digit lasts 40 ms at least (ITU-T Q.24), and 80 ms are between two; in the first 60 of them the end is told three times (RFC 4733 §2.5.1.4).</summary>
    public const int MinLength = 2, Gap = 4, EndTold = 3, Pause = 50;

    private DtmfCommand? _command;
    private int _next; // in its digits
    private int _length; // 0: as long as it is held
    private int _gap;

    /// <summary>The digit; 0: none.</summary>
    public char Digit { get; private set; }

    /// <summary>Its length with this tick, in ticks.</summary>
    public int Elapsed { get; private set; }

    /// <summary>How many times the end has been told with this tick; 0: it goes on.</summary>
    public int Ended { get; private set; }

    /// <summary>The next 20 ms.</summary>
    /// <param name="held">The digit that somebody holds down; 0: none.</param>
    public void Step(char held)
    {
        if (Digit != 0 && Ended == 0)
        {
            Elapsed++;
            var isOver = _length > 0 ? Elapsed > _length : held != Digit && Elapsed > MinLength;
            if (!isOver) return;
            Elapsed--;
            _gap = Gap;
        }

        if (_gap > 0)
        {
            _gap--;
            Ended++;
            if (Digit == 0 || Ended <= EndTold) return;
            Digit = '\0';
            return;
        }

        (Digit, Ended) = ('\0', 0);
        Begin(held);
    }

    private void Begin(char held)
    {
        while (true)
        {
            if (_command is null)
            {
                (_command, _next) = (queue.Take(), 0);
                if (_command is null) break;
            }

            if (_next == _command.Digits.Length)
            {
                _command = null;
                queue.Sent();
                continue;
            }

            var next = _command.Digits[_next++];
            if (next == ',')
            {
                _gap = Pause;
                return;
            }

            if (Dtmf.IndexOf(next) < 0) continue;
            (Digit, Elapsed, _length) = (next, 1, Math.Max(_command.Length, MinLength));
            return;
        }

        if (Dtmf.IndexOf(held) >= 0) (Digit, Elapsed, _length) = (held, 1, 0);
    }
}
