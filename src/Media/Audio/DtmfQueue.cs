using System.Collections.Concurrent;

namespace Telephony.Media.Audio;

/// <summary>Digits that wait to be sent to a leg's peer: written by commands, taken by its audio thread. Bounded.</summary>
internal sealed class DtmfQueue
{
    /// <summary>Commands that may wait.</summary>
    public const int Capacity = 32;

    /// <summary>Digits of a command.</summary>
    public const int MaxDigits = 64;

    private readonly ConcurrentQueue<DtmfCommand> _waiting = new();
    private string? _last;
    private int _unsent;

    /// <summary>Digits are waiting or being sent. From any thread.</summary>
    public bool IsBusy => Volatile.Read(ref _unsent) > 0;

    /// <summary>False: it is full. The command that was added last may be repeated.</summary>
    public bool TryAdd(DtmfCommand command)
    {
        if (_last == command.Name) return true;
        if (_waiting.Count >= Capacity) return false;
        _last = command.Name;
        Interlocked.Increment(ref _unsent);
        _waiting.Enqueue(command);
        return true;
    }

    /// <summary>On the audio thread, as <see cref="Sent"/>.</summary>
    public DtmfCommand? Take() => _waiting.TryDequeue(out var command) ? command : null;

    /// <summary>What was taken has gone out.</summary>
    public void Sent() => Interlocked.Decrement(ref _unsent);
}
