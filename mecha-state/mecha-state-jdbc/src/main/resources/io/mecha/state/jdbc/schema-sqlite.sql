-- Key-value state of Mecha on SQLite. A key with control characters belongs to Mecha itself.
-- expires_at: milliseconds since 1970-01-01 UTC by the database's clock; null to keep the value.
create table if not exists mecha_state (
    state_key   text    not null primary key,
    state_value blob    not null,
    version     text    not null,
    expires_at  integer
);
create index if not exists mecha_state_expires_at on mecha_state (expires_at) where expires_at is not null;
