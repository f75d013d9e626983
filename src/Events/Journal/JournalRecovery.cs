using Microsoft.Extensions.Logging;

namespace Telephony.Events;

/// <summary>Reads what a journal's folder holds at start.</summary>
internal static class JournalRecovery
{
    /// <summary>The segments that hold records, oldest first, made whole; their states are put in the table.</summary>
    public static List<Segment> Run(string folder, StateTable states, ILogger log)
    {
        var segments = new List<Segment>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.journal"))
        {
            if (Segment.Open(path) is { } segment) segments.Add(segment);
            else File.Delete(path);
        }

        segments.Sort((a, b) => a.Start.CompareTo(b.Start));
        foreach (var segment in segments) Read(segment, segment == segments[^1], states, log);
        foreach (var empty in segments.Where(s => s.End == s.FirstRecord)) File.Delete(empty.Path);
        segments.RemoveAll(s => s.End == s.FirstRecord);
        return segments;
    }

    private static void Read(Segment segment, bool isLast, StateTable states, ILogger log)
    {
        var found = new List<StateRecord>();
        using var reader = new SegmentReader(segment, segment.FirstRecord);
        while (reader.Position < segment.End)
        {
            var at = reader.Position;
            if (reader.TryRead(segment.End, out var payload))
            {
                found.Clear();
                if (JournalRecord.TryDecode(payload, events: null, found)) found.ForEach(states.Put);
                else Log.Damaged(log, segment.Path, at - segment.Start, reader.Position - at);
            }
            else if (reader.TryResync(segment.End))
            {
                EventsMetrics.Damaged.Add(1);
                Log.Damaged(log, segment.Path, at - segment.Start, reader.Position - at);
            }
            else
            {
                if (isLast) Log.TornTail(log, segment.Path, at - segment.Start, segment.End - at);
                else Log.Damaged(log, segment.Path, at - segment.Start, segment.End - at);

                using var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                RandomAccess.SetLength(file, at - segment.Start);
                segment.End = at;
            }
        }
    }
}
