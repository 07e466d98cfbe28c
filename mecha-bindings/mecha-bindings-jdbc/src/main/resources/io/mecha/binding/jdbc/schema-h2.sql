-- Messages of Mecha on H2. One row for each message and group; grp is empty while no group is known.
-- visible_at, expires_at: milliseconds since 1970-01-01 UTC by the database's clock; visible_at is 0 for now, and the end
-- of the lease while an owner has the message.
create table if not exists mecha_message (
    id          bigint       generated always as identity primary key,
    destination varchar(200) not null,
    grp         varchar(200) not null,
    msg_key     varchar(255),
    headers     varchar(8000000)       not null,
    body        varbinary(64000000),
    visible_at  bigint       not null,
    expires_at  bigint,
    attempts    integer      not null,
    owner       varchar(40)
);
create index if not exists mecha_message_queue on mecha_message (destination, grp, id);
create index if not exists mecha_message_key on mecha_message (destination, grp, msg_key, id);
create index if not exists mecha_message_expires_at on mecha_message (expires_at);
-- Groups that messages are kept for. expires_at: when a group ends that is not kept; null for one that is.
create table if not exists mecha_binding_group (
    destination varchar(200) not null,
    grp         varchar(200) not null,
    created_at  bigint       not null,
    adopts      integer      not null,
    expires_at  bigint,
    primary key (destination, grp)
);
