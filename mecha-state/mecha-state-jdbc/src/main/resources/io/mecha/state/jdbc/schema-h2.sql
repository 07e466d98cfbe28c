-- Key-value state of Mecha on H2. A key with control characters belongs to Mecha itself.
-- state_key: UTF-8; bytes, so that no setting of the database makes different keys equal.
-- expires_at: milliseconds since 1970-01-01 UTC by the database's clock; null to keep the value.
create table if not exists mecha_state (
    state_key   varbinary(4096) not null primary key,
    state_value blob            not null,
    version     varchar(40)     not null,
    expires_at  bigint
);
create index if not exists mecha_state_expires_at on mecha_state (expires_at);
