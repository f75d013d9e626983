-- What people mark: not made of events, so no rebuild of the CDRs touches it.
create table cdr_flags (
    tenant_id varchar     not null,
    extension varchar     not null,
    call_id   uuid        not null,
    flagged   timestamptz not null default now(),
    primary key (tenant_id, extension, call_id)
);
