-- Leases of Mecha on MariaDB and MySQL. Names and owners are UTF-8; bytes, so that case, accents and trailing spaces make a difference.
-- lease_key: SHA-256 of the name. expires_at: microseconds since 1970-01-01 UTC by the database's clock; negative when released.
create table if not exists mecha_lease (
    lease_key  varbinary(32)   not null primary key,
    name       varbinary(4096) not null,
    owner      varbinary(512)  not null,
    token      bigint          not null,
    expires_at bigint          not null,
    index mecha_lease_token (token)
) engine = InnoDB;
create table if not exists mecha_lease_fence (
    lease_key  varbinary(32)   not null primary key,
    token      bigint          not null
) engine = InnoDB;
