-- Key-value state of Mecha on MariaDB and MySQL. A key with control characters belongs to Mecha itself.
-- state_key: UTF-8; bytes, so that case, accents and trailing spaces make a difference.
-- expires_at: milliseconds since 1970-01-01 UTC by the database's clock; null to keep the value.
create table if not exists mecha_state (
    state_key   varbinary(3072) not null primary key,
    state_value longblob        not null,
    version     varbinary(40)   not null,
    expires_at  bigint,
    index mecha_state_expires_at (expires_at)
) engine = InnoDB row_format = dynamic;
