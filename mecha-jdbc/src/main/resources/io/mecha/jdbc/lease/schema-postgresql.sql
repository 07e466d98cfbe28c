-- Leases of Mecha on PostgreSQL.
-- lease_key: SHA-256 of the name. expires_at: microseconds since 1970-01-01 UTC by the database's clock; negative when released.
-- Room is left in each page so that a renewal need not touch the indexes.
create table if not exists mecha_lease (
    lease_key  bytea  not null primary key,
    name       text   collate "C" not null,
    owner      text   collate "C" not null,
    token      bigint not null,
    expires_at bigint not null
) with (fillfactor = 50);
create index if not exists mecha_lease_token on mecha_lease (token);
create table if not exists mecha_lease_fence (
    lease_key  bytea  not null primary key,
    token      bigint not null
) with (fillfactor = 50);
