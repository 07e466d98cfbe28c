-- Leases of Mecha on SQLite.
-- lease_key: SHA-256 of the name. expires_at: microseconds since 1970-01-01 UTC by the database's clock; negative when released.
create table if not exists mecha_lease (
    lease_key  blob    not null primary key,
    name       text    not null,
    owner      text    not null,
    token      integer not null,
    expires_at integer not null
) without rowid;
create index if not exists mecha_lease_token on mecha_lease (token);
