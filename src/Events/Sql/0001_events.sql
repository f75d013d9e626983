-- Marten's event tables (string stream identity, conjoined tenancy, with correlation, causation and headers), and our own beside them.

create table mt_streams (
    tenant_id   varchar     collate "C" not null default '*DEFAULT*', -- ids are compared byte by byte, whatever the database's language
    id          varchar     collate "C" not null,
    type        varchar,
    version     bigint,
    timestamp   timestamptz not null default now(),
    created     timestamptz not null default now(),
    is_archived bool                 default false,
    constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
) with (fillfactor = 85); -- a stream's row is written again at each append

-- Without Marten's foreign key to mt_streams: one statement writes both, and the check took half of the server's time (16 instead of 8 us an event).
create table mt_events (
    seq_id         bigint       not null,
    id             uuid         not null,
    stream_id      varchar      collate "C",
    version        bigint       not null,
    data           jsonb        not null,
    bdata          bytea,
    type           varchar(500) not null,
    timestamp      timestamptz  not null default now(),
    tenant_id      varchar      collate "C" default '*DEFAULT*',
    mt_dotnet_type varchar,
    correlation_id varchar,
    causation_id   varchar,
    headers        jsonb,
    is_archived    bool                  default false,
    constraint pkey_mt_events_seq_id primary key (seq_id)
);
create unique index pk_mt_events_stream_and_version on mt_events (tenant_id, stream_id, version);
create index mt_events_timestamp on mt_events using brin (timestamp); -- ours: for reading from a date on

create sequence mt_events_sequence owned by mt_events.seq_id;

create table mt_event_progression (
    name         varchar not null constraint pk_mt_event_progression primary key,
    last_seq_id  bigint,
    last_updated timestamptz default transaction_timestamp()
);

create table mt_high_water_skips (
    ending_sequence   bigint not null primary key,
    starting_sequence bigint not null,
    timestamp         timestamptz default transaction_timestamp()
);

-- How far each silo's journal is in mt_events.
create table journals (
    id       uuid        not null primary key,
    position bigint      not null,
    updated  timestamptz not null default now()
) with (fillfactor = 50);

-- Technical state of grains, written behind.
create table grain_state (
    kind      varchar     not null,
    tenant_id varchar     not null,
    id        varchar     not null,
    data      bytea       not null,
    updated   timestamptz not null default now(),
    primary key (kind, tenant_id, id)
);

-- Events that mt_events would not take: for a person to look at. Nothing reads it.
create table rejected (
    id        uuid        not null primary key,
    tenant_id varchar     not null,
    stream_id varchar     not null,
    version   bigint      not null,
    type      varchar     not null,
    timestamp timestamptz not null,
    data      bytea       not null,
    reason    varchar     not null,
    rejected  timestamptz not null default now()
);
