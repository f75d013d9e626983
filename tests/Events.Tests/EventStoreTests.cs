using Telephony.Testing;

namespace Telephony.Events.Tests;

public sealed class EventStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-events-").FullName;
    private EventsHost _host = null!;

    public async Task InitializeAsync() => _host = await EventsHost.Start(await PostgresFixture.NewDatabase(), _folder);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_the_journal_takes_can_be_read_as_a_stream()
    {
        var at = new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.FromHours(2));
        await _host.Journal.Append(EventsHost.Events("one", "call-1", 1, new Opened("Zoë \0 \\u0000", at), new Counted(7, DayOfWeek.Friday)));
        await _host.Journal.Append(EventsHost.Events("two", "call-1", 1, new Counted(1)));
        await _host.Shipped();

        var events = await _host.Store.ReadStream("one", "call-1");

        Assert.Equal([(1L, "test_opened"), (2L, "test_counted")], events.Select(e => (e.Version, e.Type)));
        Assert.Equal(at, events[0].At);
        var types = (EventTypes)_host.Services.GetService(typeof(EventTypes))!;
        Assert.Equal(new Opened("Zoë \uFFFD \\u0000", at), types.Read(events[0]));
        Assert.Equal(new Counted(7, DayOfWeek.Friday), types.Read(events[1]));
        Assert.Empty(await _host.Store.ReadStream("three", "call-1"));
    }
}
