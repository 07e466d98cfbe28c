-- Key-value state of Mecha on PostgreSQL. A key with control characters belongs to Mecha itself.
-- expires_at: milliseconds since 1970-01-01 UTC by the database's clock; null to keep the value.
-- Room is left in each page so that an update need not touch the indexes.
create table if not exists mecha_state (
    state_key   text collate "C" not null primary key,
    state_value bytea            not null,
    version     varchar(40)      not null,
    expires_at  bigint
) with (fillfactor = 85);
create index if not exists mecha_state_expires_at on mecha_state (expires_at) where expires_at is not null;
