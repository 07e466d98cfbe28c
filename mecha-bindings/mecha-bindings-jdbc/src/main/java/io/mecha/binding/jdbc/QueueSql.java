// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.Database;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of one product.
 *
 * <p>Time is the database's, in milliseconds, evaluated when a statement runs, so that nodes whose clocks differ agree on
 * what is due and whose lease has ended.
 */
final class QueueSql {

    private final Database database;
    private final String now;
    private final String number;
    private final String lock;

    QueueSql(Database database) {
        this.database = database == Database.MYSQL ? Database.MARIADB : database;
        this.now = database.now();
        this.number = switch (this.database) {
            case POSTGRESQL, H2 -> "cast(? as bigint)";
            case SQLITE -> "cast(? as integer)";
            default -> "cast(? as signed)";
        };
        this.lock = switch (this.database) {
            case SQLITE -> ""; // the transaction is the lock
            case POSTGRESQL -> " for update of m skip locked";
            default -> " for update skip locked";
        };
    }

    Database database() {
        return database;
    }

    /** Tells whether inserts can be sent many at once; MariaDB's bulk protocol takes no {@code insert … select}. */
    boolean batches() {
        return database != Database.MARIADB;
    }

    /** Fails unless all is there. */
    static String probe() {
        return "select m.id, m.destination, m.grp, m.msg_key, m.headers, m.body, m.visible_at, m.expires_at, m.attempts, m.owner,"
                + " g.created_at, g.adopts, g.expires_at from mecha_message m, mecha_binding_group g where 1 = 0";
    }

    /** One row for each group. Parameters: destination, key, headers, body, delay, delay and time to live, destination. */
    String insert() {
        boolean typed = database == Database.POSTGRESQL || database == Database.H2;
        String text = typed ? "cast(? as varchar)" : "?";
        String bytes = database == Database.POSTGRESQL ? "cast(? as bytea)" : typed ? "cast(? as varbinary)" : "?";
        return "insert into mecha_message (destination, grp, msg_key, headers, body, visible_at, expires_at, attempts)"
                + " select " + text + ", coalesce(g.grp, ''), " + text + ", " + text + ", " + bytes
                + ", coalesce(" + now + " + " + number + ", 0), " + now + " + " + number + ", 0"
                + " from (select 1 as one) o left join mecha_binding_group g on g.destination = ?";
    }

    /** Finds and locks. Parameters: destination, group, owner if by key, limit. */
    String claimable(boolean byKey) {
        String free = byKey
                ? " and (m.msg_key is null or not exists (select 1 from mecha_message o where o.destination = m.destination"
                        + " and o.grp = m.grp and o.msg_key = m.msg_key and o.owner is not null and o.owner <> ?"
                        + " and o.visible_at > " + now + "))"
                : "";
        return "select m.id, m.msg_key, m.headers, m.body, m.attempts from mecha_message m where m.destination = ? and m.grp = ?"
                + " and m.visible_at <= " + now + " and (m.expires_at is null or m.expires_at > " + now + ")" + free
                + " order by m.id limit ?" + lock;
    }

    /** Finds what may stand before rows of some keys. Parameters: destination, group, last id, owner, keys. */
    String sameKeys(int keys) {
        return "select id, msg_key, owner, visible_at > " + now + ", expires_at <= " + now + " from mecha_message"
                + " where destination = ? and grp = ? and (id <= ? or owner is not null) and (owner is null or owner <> ?)"
                + " and msg_key in (" + marks(keys) + ")";
    }

    /** Parameters: owner, lease, ids. */
    String claim(int ids) {
        return "update mecha_message set owner = ?, attempts = attempts + 1, visible_at = " + now + " + " + number
                + " where id in (" + marks(ids) + ")";
    }

    /** Parameters: lease, owner, ids. */
    String renew(int ids) {
        return "update mecha_message set visible_at = " + now + " + " + number + " where owner = ? and id in ("
                + marks(ids) + ")";
    }

    /** Parameters: owner, ids. */
    static String owned(int ids) {
        return "select id from mecha_message where owner = ? and id in (" + marks(ids) + ")";
    }

    /** Parameters: destination, group, owner. */
    static String owned() {
        return "select id from mecha_message where destination = ? and grp = ? and owner = ?";
    }

    /** Parameters: owner, ids. */
    static String delete(int ids) {
        return "delete from mecha_message where owner = ? and id in (" + marks(ids) + ")";
    }

    /** Parameters: owner, ids. */
    static String release(int ids) {
        return "update mecha_message set owner = null, visible_at = 0 where owner = ? and id in (" + marks(ids) + ")";
    }

    /** Parameters: delay, owner, ids. */
    String postpone(int ids) {
        return "update mecha_message set visible_at = " + now + " + " + number
                + ", owner = null where owner = ? and id in (" + marks(ids) + ")";
    }

    /** What is not due, with the milliseconds until it is. Parameters: destination, group, owner to leave out, limit. */
    String hidden() {
        return "select id, owner, visible_at, visible_at - " + now
                + " from mecha_message where destination = ? and grp = ?" + " and visible_at > " + now
                + " and (owner is null or owner <> ?) order by visible_at limit ?";
    }

    /** Frees a row that nobody has changed. Parameters: id, when it is due, owner or nothing. */
    static String free() {
        return "update mecha_message set owner = null, visible_at = 0"
                + " where id = ? and visible_at = ? and coalesce(owner, '') = ?";
    }

    /** Parameters: attempts, owner, id. */
    static String attempts() {
        return "update mecha_message set attempts = ? where owner = ? and id = ?";
    }

    /**
     * Does not fail on MariaDB if another node was faster: its driver would warn of that. Parameters: destination, group, adopts, life or
     * null, destination, group.
     */
    String createGroup() {
        String text = database == Database.POSTGRESQL || database == Database.H2 ? "cast(? as varchar)" : "?";
        return "insert into mecha_binding_group (destination, grp, created_at, adopts, expires_at) select " + text
                + ", " + text
                + ", " + now + ", " + number + ", " + now + " + " + number + " from (select 1 as one) o"
                + " where not exists (select 1 from mecha_binding_group g where g.destination = ? and g.grp = ?)"
                + (database == Database.MARIADB ? " on duplicate key update grp = mecha_binding_group.grp" : "");
    }

    /** Parameters: life or null, destination, group. */
    String extendGroup() {
        return "update mecha_binding_group set expires_at = " + now + " + " + number
                + " where destination = ? and grp = ? and expires_at is not null";
    }

    /** Gives a group what waited for the first one. Parameters: group, destination, destination, group. */
    static String adopt() {
        return "update mecha_message set grp = ? where destination = ? and grp = '' and (select g.grp from mecha_binding_group g"
                + " where g.destination = ? and g.adopts = 1 order by g.created_at, g.grp limit 1) = ?";
    }

    /** Parameters: destination, group. */
    static String hasGroup() {
        return "select 1 from mecha_binding_group where destination = ? and grp = ?";
    }

    /** Parameters: destination, group. */
    String count() {
        return "select count(*) from mecha_message where destination = ? and grp = ? and (expires_at is null or expires_at > "
                + now + " or owner is not null)";
    }

    String expiredGroups() {
        return "select destination, grp from mecha_binding_group where expires_at <= " + now;
    }

    /** Parameters: destination, group. */
    static String dropGroup() {
        return "delete from mecha_binding_group where destination = ? and grp = ? and expires_at is not null";
    }

    /** Parameters: destination, group. */
    static String dropMessages() {
        return "delete from mecha_message where destination = ? and grp = ?";
    }

    String purge() {
        return "delete from mecha_message where expires_at <= " + now + " and (owner is null or visible_at <= " + now
                + ")";
    }

    /** Tells whether the server undid a transaction that works when it is run again. */
    boolean isTransient(SQLException failure) {
        return database.isTransient(failure) || duplicate(failure.getSQLState());
    }

    /** Only groups have a key of their own choice, and two nodes may create the same one. */
    private static boolean duplicate(@Nullable String state) {
        return state != null && state.startsWith("23");
    }

    private static String marks(int count) {
        return "?, ".repeat(count - 1) + "?";
    }
}
