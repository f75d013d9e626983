using Microsoft.Extensions.Logging;

namespace Telephony.Events;

/// <summary>Reads events from the journal, in order, while it is written to. Not thread-safe.</summary>
internal sealed class JournalCursor(Journal journal, long position, ILogger log) : IDisposable
{
    private SegmentReader? _reader;

    /// <summary>Everything before it was read.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Adds the events of whole records, until there are at least <paramref name="max"/> or nothing is left.</summary>
    public void Read(List<JournaledEvent> events, int max)
    {
        while (events.Count < max)
        {
            var (segment, end, isLast) = journal.SegmentAt(Position);
            if (_reader?.Segment != segment)
            {
                _reader?.Dispose();
                _reader = new(segment, Position);
            }

            while (events.Count < max && _reader.Position < end)
            {
                var at = _reader.Position;
                if (_reader.TryRead(end, out var payload) && JournalRecord.TryDecode(payload, events, states: null)) continue;

                if (_reader.Position == at && !_reader.TryResync(end))
                {
                    Log.Damaged(log, segment.Path, at - segment.Start, end - at);
                    Position = end;
                    _reader.Dispose();
                    _reader = null;
                    break;
                }

                Log.Damaged(log, segment.Path, at - segment.Start, _reader.Position - at);
            }

            if (_reader is null) continue;

            Position = _reader.Position;
            if (Position < end) return;
            if (isLast) return;

            Position = end;
        }
    }

    public void Dispose() => _reader?.Dispose();
}
