-- Messages of Mecha on SQLite. One row for each message and group; grp is empty while no group is known.
-- visible_at, expires_at: milliseconds since 1970-01-01 UTC; visible_at is 0 for now, and the end of the lease while an
-- owner has the message.
create table if not exists mecha_message (
    id          integer primary key autoincrement,
    destination text    not null,
    grp         text    not null,
    msg_key     text,
    headers     text    not null,
    body        blob,
    visible_at  integer not null,
    expires_at  integer,
    attempts    integer not null,
    owner       text
);
create index if not exists mecha_message_queue on mecha_message (destination, grp, id);
create index if not exists mecha_message_key on mecha_message (destination, grp, msg_key, id) where msg_key is not null;
create index if not exists mecha_message_expires_at on mecha_message (expires_at) where expires_at is not null;
-- Groups that messages are kept for. expires_at: when a group ends that is not kept; null for one that is.
create table if not exists mecha_binding_group (
    destination text    not null,
    grp         text    not null,
    created_at  integer not null,
    adopts      integer not null,
    expires_at  integer,
    primary key (destination, grp)
);
