using Npgsql;
using NpgsqlTypes;

namespace Telephony.Grains.Calls.History;

/// <summary>The tables of the CDR tree, and how finished calls are written to them.</summary>
internal static class CdrTables
{
    public const string Schema = "history";

    /// <summary>In the order in which readers name them, so that nobody waits for each other.</summary>
    public static readonly string[] Names = ["cdr_participants", "cdr_calls", "cdr_legs"];

    /// <summary>A row of cdr_participants is a call in one extension's history; its key is the order it is read in.</summary>
    public const string Create = """
        create table cdr_participants (
            tenant_id  varchar     not null,
            extension  varchar     not null,
            started_at timestamptz not null,
            call_id    uuid        not null,
            direction  varchar     not null,
            primary key (tenant_id, extension, started_at, call_id)
        );
        create table cdr_calls (
            tenant_id         varchar     not null,
            id                uuid        not null,
            version           bigint      not null,
            caller_number     varchar     not null,
            caller_name       varchar,
            caller_extension  varchar,
            caller_department varchar,
            other_number      varchar     not null,
            other_name        varchar,
            other_extension   varchar,
            other_department  varchar,
            dialled           varchar     not null,
            device            varchar     not null,
            sip_call_id       varchar     not null,
            route_reason      varchar,
            started_at        timestamptz not null,
            ringing_at        timestamptz,
            answered_at       timestamptz,
            ended_at          timestamptz not null,
            ring_ms           bigint      not null,
            talk_ms           bigint      not null,
            total_ms          bigint      not null,
            outcome           varchar     not null,
            ended_by          varchar     not null,
            reason            varchar     not null,
            primary key (tenant_id, id)
        );
        create index cdr_calls_started on cdr_calls (tenant_id, started_at);
        create table cdr_legs (
            tenant_id        varchar     not null,
            call_id          uuid        not null,
            leg              int         not null,
            number           varchar     not null,
            name             varchar,
            extension        varchar,
            department       varchar,
            device           varchar     not null,
            offered_at       timestamptz not null,
            ringing_at       timestamptz,
            answered_at      timestamptz,
            ended_at         timestamptz,
            sip_status       int,
            q850             int,
            reason           varchar,
            packets_received bigint,
            bytes_received   bigint,
            packets_sent     bigint,
            bytes_sent       bigint,
            quality_seconds  int,
            mos_total        bigint,
            mos_least        int,
            quality_received bigint,
            quality_lost     bigint,
            primary key (tenant_id, call_id, leg)
        );
        """;

    /// <summary>Writes calls; one that is there already is replaced, for an event may come after the end.</summary>
    public static async Task Write(NpgsqlConnection connection, IReadOnlyList<FinishedCall> calls, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Participants(calls), Calls(calls), Legs(calls) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Participants(IReadOnlyList<FinishedCall> calls) => new Rows<(FinishedCall Call, string Extension, CallDirection Direction)>(
        "cdr_participants", "tenant_id, extension, started_at, call_id",
        [.. calls.SelectMany(c => c.Cdr.Participants.Select(p => (c, p.Extension, p.Direction)))])
        .Text("tenant_id", p => p.Call.Tenant)
        .Text("extension", p => p.Extension)
        .Time("started_at", p => p.Call.Cdr.StartedAt)
        .Uuid("call_id", p => p.Call.Id)
        .Text("direction", p => SnakeCase.Of(p.Direction))
        .Upsert();

    private static NpgsqlBatchCommand Calls(IReadOnlyList<FinishedCall> calls) => new Rows<FinishedCall>("cdr_calls", "tenant_id, id", calls)
        .Text("tenant_id", c => c.Tenant)
        .Uuid("id", c => c.Id)
        .Int64("version", c => c.Version)
        .Text("caller_number", c => c.Cdr.Caller.Number)
        .Text("caller_name", c => c.Cdr.Caller.Name)
        .Text("caller_extension", c => c.Cdr.Caller.Extension)
        .Text("caller_department", c => c.Cdr.Caller.Department)
        .Text("other_number", c => c.Cdr.OtherParty?.Number ?? c.Cdr.Dialled)
        .Text("other_name", c => c.Cdr.OtherParty?.Name)
        .Text("other_extension", c => c.Cdr.OtherParty?.Extension)
        .Text("other_department", c => c.Cdr.OtherParty?.Department)
        .Text("dialled", c => c.Cdr.Dialled)
        .Text("device", c => c.Cdr.Device)
        .Text("sip_call_id", c => c.Cdr.SipCallId)
        .Text("route_reason", c => c.Cdr.RouteReason)
        .Time("started_at", c => c.Cdr.StartedAt)
        .Time("ringing_at", c => c.Cdr.RingingAt)
        .Time("answered_at", c => c.Cdr.AnsweredAt)
        .Time("ended_at", c => c.Cdr.EndedAt)
        .Int64("ring_ms", c => c.Cdr.RingMs)
        .Int64("talk_ms", c => c.Cdr.TalkMs)
        .Int64("total_ms", c => c.Cdr.TotalMs)
        .Text("outcome", c => SnakeCase.Of(c.Cdr.Outcome))
        .Text("ended_by", c => SnakeCase.Of(c.Cdr.EndedBy))
        .Text("reason", c => c.Cdr.Reason)
        .Upsert();

    private static NpgsqlBatchCommand Legs(IReadOnlyList<FinishedCall> calls) => new Rows<(FinishedCall Call, CallLeg Leg)>(
        "cdr_legs", "tenant_id, call_id, leg", [.. calls.SelectMany(c => c.Cdr.Legs.Select(leg => (c, leg)))])
        .Text("tenant_id", l => l.Call.Tenant)
        .Uuid("call_id", l => l.Call.Id)
        .Int32("leg", l => l.Leg.Leg)
        .Text("number", l => l.Leg.Party.Number)
        .Text("name", l => l.Leg.Party.Name)
        .Text("extension", l => l.Leg.Party.Extension)
        .Text("department", l => l.Leg.Party.Department)
        .Text("device", l => l.Leg.Device)
        .Time("offered_at", l => l.Leg.OfferedAt)
        .Time("ringing_at", l => l.Leg.RingingAt)
        .Time("answered_at", l => l.Leg.AnsweredAt)
        .Time("ended_at", l => l.Leg.EndedAt)
        .Int32("sip_status", l => l.Leg.SipStatus)
        .Int32("q850", l => l.Leg.Q850)
        .Text("reason", l => l.Leg.Reason)
        .Int64("packets_received", l => l.Leg.Media?.PacketsReceived)
        .Int64("bytes_received", l => l.Leg.Media?.BytesReceived)
        .Int64("packets_sent", l => l.Leg.Media?.PacketsSent)
        .Int64("bytes_sent", l => l.Leg.Media?.BytesSent)
        .Int32("quality_seconds", l => l.Leg.Quality?.Seconds)
        .Int64("mos_total", l => l.Leg.Quality?.MosTotal)
        .Int32("mos_least", l => l.Leg.Quality?.MosLeast)
        .Int64("quality_received", l => l.Leg.Quality?.Received)
        .Int64("quality_lost", l => l.Leg.Quality?.Lost)
        .Upsert();

    /// <summary>Rows for one statement: a column is an array.</summary>
    private sealed class Rows<T>(string table, string key, IReadOnlyList<T> rows)
    {
        private readonly List<string> _columns = [];
        private readonly List<NpgsqlParameter> _parameters = [];

        public Rows<T> Text(string column, Func<T, string?> value) => Add(column, value, NpgsqlDbType.Varchar);
        public Rows<T> Int32(string column, Func<T, int?> value) => Add(column, value, NpgsqlDbType.Integer);
        public Rows<T> Int64(string column, Func<T, long?> value) => Add(column, value, NpgsqlDbType.Bigint);
        public Rows<T> Uuid(string column, Func<T, Guid> value) => Add(column, value, NpgsqlDbType.Uuid);
        public Rows<T> Time(string column, Func<T, DateTimeOffset?> value) => Add(column, row => value(row)?.UtcDateTime, NpgsqlDbType.TimestampTz);

        public NpgsqlBatchCommand Upsert()
        {
            var values = string.Join(", ", Enumerable.Range(1, _columns.Count).Select(i => $"${i}"));
            var keys = key.Split(", ");
            var set = string.Join(", ", _columns.Except(keys).Select(c => $"{c} = excluded.{c}"));
            var command = new NpgsqlBatchCommand(
                $"insert into {table} ({string.Join(", ", _columns)}) select * from unnest({values}) on conflict ({key}) do update set {set}");
            foreach (var parameter in _parameters) command.Parameters.Add(parameter);
            return command;
        }

        private Rows<T> Add<TValue>(string column, Func<T, TValue> value, NpgsqlDbType type)
        {
            var values = new TValue[rows.Count];
            for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
            _columns.Add(column);
            _parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
            return this;
        }
    }
}
