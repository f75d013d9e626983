using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Telephony.Events;

namespace Telephony.Grains.Calls.History;

/// <summary>
/// Makes the CDR tree. A call is written once, when it has ended, as the fold of its whole stream; an event that comes after that writes it again. So nothing has to be
/// kept of calls that go on, and the rows do not depend on where a batch ended.
/// </summary>
internal sealed class CdrProjection(EventTypes types, ILogger<CdrProjection> log, IClusterClient? cluster = null) : IProjection
{
    private const string StreamPrefix = "call-";

    // The earlier events of those streams that end in this batch, or that had ended before it.
    private const string Earlier = """
        select s.ordinal, e.type, e.data from unnest($1, $2, $3, $4, $5) with ordinality as s (tenant, stream, call, before, ended, ordinal)
        join events.mt_events e on e.tenant_id = s.tenant and e.stream_id = s.stream and e.version < s.before
        where s.ended or exists (select from cdr_calls c where c.tenant_id = s.tenant and c.id = s.call)
        order by s.ordinal, e.version
        """;

    public string Name => "cdr";
    public int Version => 2;
    public string Schema => CdrTables.Schema;
    public IReadOnlyList<string> Tables => CdrTables.Names;
    public string TablesSql => CdrTables.Create;

    public async Task<Func<Task>?> Apply(NpgsqlConnection connection, IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var streams = Group(events);
        await AddEarlier(connection, streams.FindAll(s => s.First > 1), cancellationToken);

        var finished = new List<FinishedCall>();
        foreach (var stream in streams)
        {
            if (Cdr.Fold(stream.Events) is { EndedAt: not null } cdr) finished.Add(new(stream.Tenant, stream.Call.Value, stream.Last, cdr));
            else if (stream.HasEnded) Log.CdrNotPossible(log, stream.Call, stream.Tenant);
        }

        if (finished.Count == 0) return null;

        await CdrTables.Write(connection, finished, cancellationToken);
        return cluster is null ? null : () => Tell(cluster, finished);
    }

    private List<CallStream> Group(IReadOnlyList<StoredEvent> events)
    {
        var streams = new Dictionary<(string, string), CallStream>();
        foreach (var e in events)
        {
            if (!e.Stream.StartsWith(StreamPrefix, StringComparison.Ordinal) || !CallId.TryParse(e.Stream.AsSpan(StreamPrefix.Length), out var call)) continue;

            if (!streams.TryGetValue((e.Tenant, e.Stream), out var stream))
            {
                streams.Add((e.Tenant, e.Stream), stream = new(e.Tenant, e.Stream, call, e.Version));
            }

            stream.Last = e.Version;
            if (types.Read(e) is CallEvent known) stream.Events.Add(known);
        }

        return [.. streams.Values];
    }

    private async Task AddEarlier(NpgsqlConnection connection, List<CallStream> streams, CancellationToken cancellationToken)
    {
        if (streams.Count == 0) return;

        var earlier = new List<CallEvent>[streams.Count];
        await using var command = new NpgsqlCommand(Earlier, connection)
        {
            Parameters =
            {
                new() { Value = streams.ConvertAll(s => s.Tenant), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = streams.ConvertAll(s => s.Name), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = streams.ConvertAll(s => s.Call.Value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = streams.ConvertAll(s => s.First), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = streams.ConvertAll(s => s.HasEnded), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean },
            },
        };
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (types.Read(reader.GetString(1), reader.GetFieldValue<byte[]>(2)) is CallEvent e) (earlier[reader.GetInt64(0) - 1] ??= []).Add(e);
            }
        }

        for (var i = 0; i < earlier.Length; i++) if (earlier[i] is { } events) streams[i].Events.InsertRange(0, events);
    }

    private static async Task Tell(IClusterClient cluster, List<FinishedCall> finished)
    {
        var live = cluster.GetStreamProvider(Streams.Live);
        foreach (var call in finished)
        {
            await live.GetStream<UserCallRecorded>(StreamId.Create(Streams.History, call.Tenant))
                .OnNextAsync(new(call.Id, [.. call.Cdr.Participants.Select(p => p.Extension)]));
        }
    }

    /// <summary>What a batch has of one call.</summary>
    private sealed class CallStream(string tenant, string name, CallId call, long first)
    {
        public string Tenant { get; } = tenant;
        public string Name { get; } = name;
        public CallId Call { get; } = call;

        /// <summary>The version of its first event in the batch.</summary>
        public long First { get; } = first;

        public long Last { get; set; }
        public List<CallEvent> Events { get; } = [];
        public bool HasEnded => Events.Any(e => e is CallEnded);
    }
}
