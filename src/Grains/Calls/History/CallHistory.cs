using System.Data.Common;
using Npgsql;
using Telephony.Events;

namespace Telephony.Grains.Calls.History;

/// <summary>Reads the tables of <see cref="CdrProjection"/>. Tenant and extension are part of every query.</summary>
internal sealed class CallHistory(EventsDatabase database, EventTypes types, ProjectionRunner projections) : ICallHistory
{
    private const int MaxLimit = 200;

    private const string RowColumns = """
        c.id, p.direction, c.caller_number, c.caller_name, c.caller_department, c.other_number, c.other_name, c.other_department, c.dialled,
        c.started_at, c.ring_ms, c.talk_ms, c.total_ms, c.outcome, c.ended_by, c.reason, f.call_id is not null
        """;

    private const string Page = $"""
        select {RowColumns}
        from history.cdr_participants p
        join history.cdr_calls c on c.tenant_id = p.tenant_id and c.id = p.call_id
        left join history.cdr_flags f on f.tenant_id = p.tenant_id and f.extension = p.extension and f.call_id = p.call_id
        where p.tenant_id = $1 and p.extension = $2 and (p.started_at, p.call_id) < ($3, $4)
        order by p.started_at desc, p.call_id desc
        limit $5
        """;

    private const string OneCall = $"""
        select {RowColumns}, c.sip_call_id
        from history.cdr_participants p
        join history.cdr_calls c on c.tenant_id = p.tenant_id and c.id = p.call_id and c.started_at = p.started_at
        left join history.cdr_flags f on f.tenant_id = p.tenant_id and f.extension = p.extension and f.call_id = p.call_id
        where c.tenant_id = $1 and p.tenant_id = $1 and p.extension = $2 and c.id = $3
        """;

    private const string LegsOfCall = """
        select leg, number, name, extension, department, device, offered_at, ringing_at, answered_at, ended_at, sip_status, q850, reason,
            packets_received, bytes_received, packets_sent, bytes_sent, quality_seconds, mos_total, mos_least, quality_received, quality_lost
        from history.cdr_legs where tenant_id = $1 and call_id = $2 order by leg
        """;

    private const string EventsOfCall = "select type, data from events.mt_events where tenant_id = $1 and stream_id = $2 and (type = $3) = $4 order by version";

    private const string QualityAlias = "quality_sampled";

    private const string Flag = """
        with mine as (
            select p.tenant_id, p.extension, p.call_id from history.cdr_participants p
            join history.cdr_calls c on c.tenant_id = p.tenant_id and c.id = p.call_id and c.started_at = p.started_at
            where c.tenant_id = $1 and p.tenant_id = $1 and p.extension = $2 and c.id = $3),
        added as (insert into history.cdr_flags (tenant_id, extension, call_id) select * from mine where $4 on conflict do nothing),
        removed as (delete from history.cdr_flags f using mine m where not $4 and f.tenant_id = m.tenant_id and f.extension = m.extension and f.call_id = m.call_id)
        select exists (select from mine)
        """;

    /// <exception cref="FormatException">The cursor is not one that a page gave.</exception>
    public async Task<CallPage> GetPage(string tenant, string extension, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var from = new CallCursor(DateTimeOffset.MaxValue, Guid.AllBitsSet);
        if (cursor is not null && !CallCursor.TryParse(cursor, out from)) throw new FormatException("Not a cursor of a page.");

        limit = Math.Clamp(limit, 1, MaxLimit);
        await using var connection = await Open(cancellationToken);
        await using var command = new NpgsqlCommand(Page, connection)
        {
            Parameters =
            {
                new() { Value = tenant }, new() { Value = extension }, new() { Value = from.StartedAt.UtcDateTime }, new() { Value = from.Call },
                new() { Value = limit + 1 },
            },
        };
        var rows = new List<CallRow>(limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(ReadRow(reader));

        if (rows.Count <= limit) return new(rows, null);

        rows.RemoveAt(limit);
        return new(rows, new CallCursor(rows[^1].StartedAt, rows[^1].Id).ToString());
    }

    public async Task<CallDetail?> GetCall(string tenant, string extension, Guid call, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(OneCall) { Parameters = { new() { Value = tenant }, new() { Value = extension }, new() { Value = call } } },
                new(LegsOfCall) { Parameters = { new() { Value = tenant }, new() { Value = call } } },
            },
        };
        var legs = new List<CallLeg>();
        CallRow row;
        string sipCallId;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken)) return null;

            (row, sipCallId) = (ReadRow(reader), reader.GetString(17));
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) legs.Add(ReadLeg(reader));
        }

        return new(row, sipCallId, legs, CallTimeline.Of(await ReadEvents(connection, tenant, call, areQuality: false, cancellationToken)));
    }

    public async Task<IReadOnlyList<CallLegQuality>?> GetQuality(string tenant, string extension, Guid call, CancellationToken cancellationToken)
    {
        if (await GetCall(tenant, extension, call, cancellationToken) is not { } detail) return null;

        await using var connection = await Open(cancellationToken);
        var sampled = (await ReadEvents(connection, tenant, call, areQuality: true, cancellationToken)).OfType<QualitySampled>().ToLookup(e => e.Leg, e => e.Quality);
        return
        [
            .. from leg in detail.Legs
               where sampled.Contains(leg.Leg)
               select new CallLegQuality(leg.Leg, leg.Party, leg.Device, leg.Quality ?? LegQuality.None, [.. sampled[leg.Leg].DistinctBy(series => series.From).OrderBy(series => series.From)]),
        ];
    }

    /// <summary>A call's events: those that tell of its quality, which are many, or all others.</summary>
    private async Task<List<CallEvent>> ReadEvents(NpgsqlConnection connection, string tenant, Guid call, bool areQuality, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(EventsOfCall, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = new CallId(call).Stream }, new() { Value = QualityAlias }, new() { Value = areQuality } },
        };
        var events = new List<CallEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (types.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1)) is CallEvent e) events.Add(e);
        }

        return events;
    }

    public async Task<bool> SetFlag(string tenant, string extension, Guid call, bool flagged, CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        await using var command = new NpgsqlCommand(Flag, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = extension }, new() { Value = call }, new() { Value = flagged } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<NpgsqlConnection> Open(CancellationToken cancellationToken)
    {
        await projections.WhenReady("cdr", cancellationToken);
        return await database.Open(cancellationToken);
    }

    private static CallRow ReadRow(DbDataReader row)
    {
        var direction = SnakeCase.Parse<CallDirection>(row.GetString(1));
        var isCaller = direction == CallDirection.Outbound;
        var other = isCaller ? 5 : 2; // number, name, department
        return new(
            row.GetGuid(0), direction, row.GetString(other), TextOrNull(row, other + 1), TextOrNull(row, other + 2), row.GetString(isCaller ? 2 : 8),
            Time(row, 9)!.Value, row.GetInt64(10), row.GetInt64(11), row.GetInt64(12), SnakeCase.Parse<CallOutcome>(row.GetString(13)),
            SnakeCase.Parse<EndedBy>(row.GetString(14)), row.GetString(15), row.GetBoolean(16));
    }

    private static CallLeg ReadLeg(DbDataReader row) => new(
        row.GetInt32(0), new(row.GetString(1), TextOrNull(row, 2), TextOrNull(row, 3), TextOrNull(row, 4)), row.GetString(5),
        Time(row, 6)!.Value, Time(row, 7), Time(row, 8), Time(row, 9), Int32OrNull(row, 10), Int32OrNull(row, 11), TextOrNull(row, 12),
        row.IsDBNull(13) ? null : new(row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), row.GetInt64(16)))
    {
        Quality = row.IsDBNull(17) ? null : new(row.GetInt32(17), row.GetInt64(18), row.GetInt32(19), row.GetInt64(20), row.GetInt64(21)),
    };

    private static string? TextOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    private static int? Int32OrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
    private static DateTimeOffset? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : new(row.GetDateTime(column), TimeSpan.Zero);
}
