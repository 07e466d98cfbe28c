-- Messages of Mecha on MariaDB (10.6 and later). One row for each message and group; grp is empty while no group is known.
-- visible_at, expires_at: milliseconds since 1970-01-01 UTC by the database's clock; visible_at is 0 for now, and the end
-- of the lease while an owner has the message.
create table if not exists mecha_message (
    id          bigint       not null auto_increment primary key,
    destination varchar(200) not null,
    grp         varchar(200) not null,
    msg_key     varchar(255),
    headers     mediumtext   not null,
    body        longblob,
    visible_at  bigint       not null,
    expires_at  bigint,
    attempts    integer      not null,
    owner       varchar(40),
    index mecha_message_queue (destination, grp, id),
    index mecha_message_key (destination, grp, msg_key, id),
    index mecha_message_expires_at (expires_at)
) engine = InnoDB row_format = dynamic character set utf8mb4 collate utf8mb4_bin;
-- Groups that messages are kept for. expires_at: when a group ends that is not kept; null for one that is.
create table if not exists mecha_binding_group (
    destination varchar(200) not null,
    grp         varchar(200) not null,
    created_at  bigint       not null,
    adopts      integer      not null,
    expires_at  bigint,
    primary key (destination, grp)
) engine = InnoDB character set utf8mb4 collate utf8mb4_bin;
