using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains.Calls;
using Telephony.Grains.Devices;
using Telephony.Grains.Directory;
using Telephony.Grains.Signalling;
using Telephony.Grains.Tenants;
using Telephony.Media;
using Telephony.Sip;
using Telephony.Testing;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>The grains of one silo in simulated time, between a fake network and a fake media node. What a test says to the network arrives as from an edge.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly byte[] Key = new byte[32];

    private readonly TestSilo _silo;
    private int _number;

    private readonly Func<SimulatedTime, World> _again;

    private World(Func<SimulatedTime, World> again, TestSilo silo, FakeEdge edge, FakeMedia media, FakeMedia spare, MemoryJournal journal, SimulatedTime time) =>
        (_again, _silo, Edge, Media, Spare, Journal, Time) = (again, silo, edge, media, spare, journal, time);

    public FakeEdge Edge { get; }
    public FakeMedia Media { get; }

    /// <summary>The media node that calls move to; away unless a test says otherwise.</summary>
    public FakeMedia Spare { get; }

    public MemoryJournal Journal { get; }
    public SimulatedTime Time { get; }

    public FakeConfiguration Configuration => (FakeConfiguration)_silo.Services.GetRequiredService<IConfigurationReader>();

    public ISipEdgeEvents Network => _silo.Services.GetRequiredService<ISipEdgeEvents>();

    public static World Start(MemoryJournal? journal = null, SimulatedTime? time = null, int seed = 1, double deactivatesAtRandom = 0, FakeMedia? media = null, FakeEdge? edge = null, FakeMedia? spare = null, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        edge ??= new FakeEdge();
        media ??= new FakeMedia();
        spare ??= new FakeMedia { Id = "spare", IsAway = true };
        journal ??= new MemoryJournal();
        time ??= new SimulatedTime();
        var silo = TestSilo.Start(time, seed, services =>
        {
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            services.AddGrains();
            services.AddSingleton(new Random(seed));
            services.AddSingleton<TagMac>(new TagMac(Key));
            services.AddSingleton<ISipEdge>(edge);
            services.AddSingleton<IMediaNode>(media);
            services.AddSingleton<IMediaNodes>(new FakeMediaNodes(media, spare));
            services.AddSingleton<IJournal>(journal);
            services.AddSingleton<IConfigurationReader>(new FakeConfiguration());
            services.AddSingleton(new DigestAuthenticator(time, Options.Create(new DigestOptions())));
            services.AddSingleton(new AccountGuard(Options.Create(new DefenceOptions()), time));
        }, options => options.DeactivatesAtRandom = deactivatesAtRandom);
        edge.OnGone = silo.Services.GetRequiredService<ISipEdgeEvents>().OnFlowClosed;
        foreach (var service in silo.Services.GetServices<IHostedService>().OfType<MediaLoss>()) _ = service.StartAsync(CancellationToken.None);
        return new World(later => Start(journal, later, seed + 1, deactivatesAtRandom, media, edge, spare, settings), silo, edge, media, spare, journal, time);
    }

    /// <summary>A connection ends.</summary>
    public async Task CloseFlow(SipFlow flow)
    {
        Edge.Gone.Add(flow.Connection);
        Network.OnFlowClosed(new(FakeEdge.Name, flow, [.. Edge.Watched.Where(watch => watch.Flow == flow).Select(watch => watch.Owner)]));
        await Settle();
    }

    public T Grain<T>(string key) where T : class, IGrainWithStringKey => _silo.GetGrain<T>(key);

    /// <summary><c>kill -9</c>, and the next start on the same journal and network: this silo says no goodbye. The media node lives on if it is a process of its own.</summary>
    public async Task<World> Restart(bool mediaLiveOn = true, TimeSpan away = default)
    {
        if (!mediaLiveOn) Media.Legs.Clear();
        var next = _again(new SimulatedTime(Time.GetUtcNow() + away)); // a time of its own: the killed silo's timers fire no more
        next._number = _number; // the same phones go on
        await next.Recover();
        return next;
    }

    /// <summary>What a start does with the calls of an earlier one.</summary>
    public async Task Recover()
    {
        foreach (var service in _silo.Services.GetServices<IHostedService>().OfType<CallRecovery>()) await service.StartAsync(CancellationToken.None);
        await Settle();
    }

    /// <summary>The media node's process ends.</summary>
    public async Task LoseMedia()
    {
        ((FakeMediaNodes)_silo.Services.GetRequiredService<IMediaNodes>()).Lose(Media);
        await Time.Advance(TimeSpan.Zero);
        await Settle();
    }

    /// <summary>Reads the media node's events from now on.</summary>
    public async Task<IAsyncDisposable> ReadMediaEvents()
    {
        var reader = _silo.Services.GetServices<IHostedService>().OfType<MediaEvents>().Single();
        await reader.StartAsync(CancellationToken.None);
        await Settle();
        return new Stopping(reader);
    }

    private sealed class Stopping(IHostedService service) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await service.StopAsync(CancellationToken.None);
    }

    /// <summary>Lets everything happen that can happen now. One-way messages fail silently elsewhere; not here.</summary>
    public async Task Settle()
    {
        await _silo.RunUntilIdle();
        if (!ExpectsErrors && _silo.Errors.Count > 0) Assert.Fail(string.Join('\n', _silo.Errors));
    }

    public bool ExpectsErrors { get; set; }

    public ValueTask<PresenceSnapshot> Presence(string tenant = FakeConfiguration.Tenant) => Grain<IDirectoryGrain>(Keys.Directory(tenant)).GetPresence();

    /// <summary>The changes that are published from now on.</summary>
    public async Task<List<PresenceChange>> WatchPresence(string tenant = FakeConfiguration.Tenant)
    {
        var changes = new List<PresenceChange>();
        await _silo.Client.GetStreamProvider(Streams.Live).GetStream<PresenceChange>(StreamId.Create(Streams.Presence, tenant)).SubscribeAsync((change, _) =>
        {
            changes.Add(change);
            return Task.CompletedTask;
        });
        return changes;
    }

    public async Task<PresenceStatus> StatusOf(string extension, string tenant = FakeConfiguration.Tenant) =>
        (await Presence(tenant)).People.Single(person => person.Extension == extension).Status;

    public List<CallEvent> EventsOf(CallId call, string tenant = FakeConfiguration.Tenant) =>
        [.. Journal.Streams.GetValueOrDefault((tenant, call.Stream), []).Cast<CallEvent>()];

    /// <summary>Registers a device, as an authenticated REGISTER does.</summary>
    public async Task<SipResponse> Register(string device, int port, int expires = 600, string tenant = FakeConfiguration.Tenant, string? contact = null, SipFlow? flow = null, string parameters = "")
    {
        var request = SipRequest.Create(SipMethod.Register, $"sip:{FakeConfiguration.Domain}")
            .Add("From", $"<sip:{device}@{FakeConfiguration.Domain}>;tag=r")
            .Add("To", $"<sip:{device}@{FakeConfiguration.Domain}>")
            .Add("Call-ID", $"register-{device}-{port}")
            .Add("CSeq", $"{++_number} REGISTER")
            .Add("Contact", $"<{contact ?? $"sip:{device}@127.0.0.1:{port}"}>{parameters}")
            .Add("Expires", $"{expires}")
            .Build();
        var response = await Grain<IDeviceGrain>(Keys.Device(tenant, device))
            .Register(new SipRequestReceived(FakeEdge.Name, $"register{_number}", request, flow ?? Flow(port)), extension: device[..3]);
        await Settle();
        return response;
    }

    /// <summary>A device calls a number; null sdp: it makes no offer.</summary>
    public async Task<TestCall> Call(string from, string to, string? sdp = "sdp of caller", string contentType = "application/sdp", string? headers = null)
    {
        var call = CallId.New(Time.GetUtcNow());
        var transaction = $"invite{++_number}";
        var builder = SipRequest.Create(SipMethod.Invite, $"sip:{to}@{FakeConfiguration.Domain}")
            .Add("Via", $"SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK{_number}")
            .Add("From", $"<sip:{from}@{FakeConfiguration.Domain}>;tag=caller")
            .Add("To", $"<sip:{to}@{FakeConfiguration.Domain}>")
            .Add("Call-ID", $"call-{_number}@phone")
            .Add("CSeq", "1 INVITE")
            .Add("Contact", "<sip:caller@127.0.0.1:5070>");
        foreach (var line in headers?.Split('\n') ?? []) builder.Add(line.Split(':')[0], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        if (sdp is not null) builder.Body(sdp, contentType);
        var invite = new SipRequestReceived(FakeEdge.Name, transaction, builder.Build(), Flow(5070));
        Edge.Claim(transaction, new LegAddress(FakeConfiguration.Tenant, call, 0).ToOwner());
        await Grain<ICallGrain>(Keys.Call(FakeConfiguration.Tenant, call)).Start(new IncomingCall(invite, from, from));
        await Settle();
        return new TestCall(this, call, invite);
    }

    public static SipFlow Flow(int port) => new(SipTransport.Udp, $"127.0.0.1:{port}", 0, FakeEdge.Name);

    public ValueTask DisposeAsync() => _silo.DisposeAsync();
}
