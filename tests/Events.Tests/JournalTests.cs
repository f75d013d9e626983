using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Telephony.Testing;
using static Telephony.Events.Tests.EventsHost;

namespace Telephony.Events.Tests;

public sealed class JournalTests : IDisposable
{
    private static readonly EventTypes s_types = new([typeof(Counted).Assembly]);
    private static readonly StateStore s_noPostgres = new(new("Host=127.0.0.1;Port=1", [], TimeProvider.System, NullLogger<EventsDatabase>.Instance));

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_entry_cut_off_at_any_byte_is_gone_and_nothing_before_it_is()
    {
        await using (var journal = Open(_folder))
        {
            await journal.Append(States(State("one", "a", "first"), State("two", "a", "theirs")));
            await journal.Append(new("one", "call-1", 1, [new Counted(1)], [State("one", "a", "second")]));
        }

        var whole = await File.ReadAllBytesAsync(Segments(_folder).Single());
        var first = 0;
        var seen = new List<string?>();
        for (var length = whole.Length; length >= 0; length--)
        {
            using var cut = _folder.Copy();
            await File.WriteAllBytesAsync(Segments(cut).Single(), whole[..length]);
            await using (var journal = Open(cut))
            {
                seen.Add(Known(journal, "one", "a"));
                if (seen[^1] is not null) first = length;
                Assert.Equal(seen[^1] is null ? null : "theirs", Known(journal, "two", "a"));
                Assert.Equal(length == whole.Length ? 1 : 0, Read(journal).Count);
                await journal.Append(Facts("one", "call-1", 2, new Counted(2)));
            }

            await using var again = Open(cut); // what came after the cut is whole
            Assert.Equal(length == whole.Length ? [1L, 2L] : [2L], Read(again).Select(e => e.Version));
        }

        Assert.Equal("second", seen[0]);
        Assert.All(seen[1..(whole.Length - first + 1)], data => Assert.Equal("first", data));
        Assert.All(seen[(whole.Length - first + 1)..], Assert.Null);
    }

    [Fact]
    public async Task Damage_in_the_middle_costs_the_entry_it_hit_and_no_other()
    {
        await using (var journal = Open(_folder))
        {
            for (var i = 1; i <= 3; i++) await journal.Append(Facts("one", "call-1", i, new Counted(i)));
        }

        var whole = await File.ReadAllBytesAsync(Segments(_folder).Single());
        var record = (whole.Length - Segment.HeaderSize) / 3;
        for (var at = Segment.HeaderSize; at < whole.Length; at++)
        {
            using var damaged = _folder.Copy();
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x40;
            await File.WriteAllBytesAsync(Segments(damaged).Single(), bytes);

            await using var journal = Open(damaged);

            var hit = 1 + ((at - Segment.HeaderSize) / record);
            Assert.Equal(new long[] { 1, 2, 3 }.Where(v => v != hit), Read(journal).Select(e => e.Version));
        }
    }

    [Fact]
    public async Task Appends_of_many_threads_are_all_there_after_a_restart_each_streams_in_order()
    {
        const int Streams = 8, Each = 400;
        await using (var journal = Open(_folder, o => o.SegmentBytes = 16 << 10))
        {
            await Task.WhenAll(Enumerable.Range(1, Streams).Select(stream => Task.Run(async () =>
            {
                for (var i = 1; i <= Each; i++)
                {
                    await journal.Append(new("one", $"call-{stream}", i, [new Counted(i)], [State("one", $"{stream}", $"{i}")]));
                    Assert.Equal($"{i}", Text(await journal.ReadState(new("call", "one", $"{stream}"))));
                }
            })));
        }

        await using var again = Open(_folder);

        Assert.True(Segments(_folder).Length > 5);
        var events = Read(again).GroupBy(e => e.Stream).ToDictionary(g => g.Key, g => g.Select(e => e.Version));
        Assert.Equal(Streams, events.Count);
        Assert.All(events.Values, versions => Assert.Equal(Enumerable.Range(1, Each).Select(i => (long)i), versions));
        Assert.All(Enumerable.Range(1, Streams), stream => Assert.Equal($"{Each}", Known(again, "one", $"{stream}")));
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_after_it()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(JournalTests).Assembly.Location, _folder]) { RedirectStandardOutput = true })!;
        var acknowledged = 0;
        while (acknowledged < 2000 && await process.StandardOutput.ReadLineAsync() is { } line) acknowledged = int.Parse(line, CultureInfo.InvariantCulture);
        process.Kill(); // SIGKILL
        await process.WaitForExitAsync();

        await using var journal = Open(_folder);

        var versions = Read(journal).Select(e => e.Version).ToList();
        Assert.True(versions.Count >= acknowledged && acknowledged >= 2000, $"{versions.Count} of {acknowledged}");
        Assert.Equal(Enumerable.Range(1, versions.Count).Select(i => (long)i), versions);
        Assert.Equal($"{versions.Count}", Known(journal, "one", "1"));
    }

    [Fact]
    public async Task Closing_among_appends_keeps_what_was_acknowledged_and_refuses_the_rest()
    {
        var acknowledged = new long[4];
        var journal = Open(_folder);
        var appending = Enumerable.Range(0, acknowledged.Length).Select(stream => Task.Run(async () =>
        {
            for (var i = 1; ; i++)
            {
                try
                {
                    await journal.Append(Facts("one", $"call-{stream}", i, new Counted(i)));
                    acknowledged[stream] = i;
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
            }
        })).ToList();
        await Eventually.Is(() => journal.Bytes > 100_000);

        await journal.DisposeAsync();
        await Task.WhenAll(appending);

        await using var again = Open(_folder);
        var versions = Read(again).ToLookup(e => e.Stream, e => e.Version);
        for (var stream = 0; stream < acknowledged.Length; stream++) Assert.Equal(acknowledged[stream], versions[$"call-{stream}"].DefaultIfEmpty().Max());
    }

    [Fact]
    public async Task A_full_journal_refuses_and_keeps_what_it_has()
    {
        await using var journal = Open(_folder, o => (o.MaxBytes, o.SegmentBytes) = (20_000, 4096));
        var taken = 0;

        var refused = await Assert.ThrowsAsync<JournalFullException>(async () =>
        {
            while (true) await journal.Append(Facts("one", "call-1", ++taken, new Counted(taken)));
        });

        Assert.Contains("20000", refused.Message, StringComparison.Ordinal);
        Assert.Equal(taken - 1, Read(journal).Count);
        Assert.InRange(journal.Bytes, 19_000, 20_000);
        Assert.Equal(journal.Bytes, Segments(_folder).Sum(s => new FileInfo(s).Length));
    }

    [Fact]
    public async Task Two_processes_cannot_share_a_journal()
    {
        await using var journal = Open(_folder);

        Assert.ThrowsAny<IOException>(() => Open(_folder));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_kept_is_refused_and_leaves_nothing()
    {
        await using var journal = Open(_folder);

        await Assert.ThrowsAsync<ArgumentException>(async () => await journal.Append(Facts("one", "call-1", 1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await journal.Append(Facts("one", "call-1", 1, "no event type")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await journal.Append(Facts("", "call-1", 1, new Counted(1))));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await journal.Append(Facts("one", "call-1", 0, new Counted(1))));
        await Assert.ThrowsAsync<ArgumentException>(async () => await journal.Append(States(new StateRecord(new("call", "one", "big"), new byte[17 << 20]))));
        await Assert.ThrowsAsync<ArgumentException>(async () => await journal.Append(States(State("one", "\0", "x"))));

        Assert.Empty(Read(journal));
        Assert.Equal(0, journal.States.Count);
    }

    [Fact]
    public async Task Removed_state_stays_removed_after_a_restart()
    {
        await using (var journal = Open(_folder))
        {
            await journal.Append(States(State("one", "a", "live"), State("one", "b", "live"), State("one", "c", "live")));
            await journal.Append(States(State("one", "a", null), State("one", "c", "")));
        }

        await using var again = Open(_folder);

        Assert.Null(Known(again, "one", "a"));
        Assert.Null(Known(again, "one", "c"));
        Assert.Equal("live", Known(again, "one", "b"));
    }

    private static Journal Open(TestFolder folder, Action<JournalOptions>? change = null)
    {
        var options = new JournalOptions { Folder = folder.Journal };
        change?.Invoke(options);
        return new(Options.Create(options), s_types, s_noPostgres, TimeProvider.System, NullLogger<Journal>.Instance);
    }

    private static string? Known(Journal journal, string tenant, string id) => journal.States.TryGet(new("call", tenant, id), out var data) ? Text(data) : null;

    private static List<JournaledEvent> Read(Journal journal)
    {
        var events = new List<JournaledEvent>();
        using var cursor = new JournalCursor(journal, 0, NullLogger.Instance);
        cursor.Read(events, int.MaxValue);
        return events;
    }

    private static string[] Segments(TestFolder folder) => [.. Directory.GetFiles(folder.Journal, "*.journal").Order()];
}
