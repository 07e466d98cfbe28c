// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.jdbc.JdbcDelivery.State;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.Ids;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of a group: one thread that writes finished deliveries, renews leases, claims, and hands out, in turns.
 *
 * <p>All that was finished since the last turn goes into one transaction. Leases are renewed when a third of them has passed. If
 * they ran out nevertheless, because this process or the way to the database stood still, everything that is out is given up: others
 * may have it, and with it the keys. After a claim of which nobody knows whether it was committed, what we own and do not know
 * is given back before the next one.
 */
final class JdbcConsumer implements MessageConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcConsumer.class);
    private static final Backoff RETRY =
            Backoff.constant(Duration.ofMillis(200)).shortened(0.5);
    private static final int LEASES_OF_A_GROUP = 4;

    private final Settings settings;
    private final ConsumerRequest request;
    private final Receiver receiver;
    private final Claims claims;
    private final ElapsedTimes elapsed;
    private final ClaimedDeliveries claimed;
    private final BackgroundLoop loop;
    private final Duration rest;
    private final Runnable deaf;
    private final ReentrantLock handing = new ReentrantLock();
    private volatile boolean paused;
    private boolean known;
    private boolean unsure;
    private boolean failing;
    private long renewed = System.nanoTime();
    private long adopted = System.nanoTime();

    /** The parts of its backend that a consumer needs. */
    record Settings(
            QueueDatabase database,
            QueueGroups groups,
            String channel,
            String destination,
            Duration pollInterval,
            Duration lease,
            int maximumBatch) {}

    JdbcConsumer(Settings settings, ConsumerRequest request, Receiver receiver) {
        this.settings = settings;
        this.request = request;
        this.receiver = receiver;
        this.paused = request.paused();
        this.rest = Collections.min(
                List.of(settings.pollInterval(), settings.lease().dividedBy(6)));
        String owner = Ids.random();
        this.elapsed = new ElapsedTimes(settings.database(), settings.destination(), request.group(), owner);
        this.claims = new Claims(
                settings.destination(),
                request.group(),
                owner,
                request.ordering() == Ordering.KEY,
                settings.lease().toMillis());
        this.claimed = new ClaimedDeliveries(request.ordering() == Ordering.KEY, this::wakeUp);
        this.loop = new BackgroundLoop(
                "mecha-binding-" + settings.channel() + "-" + request.group(),
                Duration.ZERO,
                this::step,
                this::giveBack);
        this.deaf = settings.database().wakeups().await(settings.destination(), this::wakeUp);
        loop.start();
    }

    Claims claims() {
        return claims;
    }

    ElapsedTimes elapsed() {
        return elapsed;
    }

    void wakeUp() {
        loop.wake();
    }

    ClaimedDeliveries claimed() {
        return claimed;
    }

    /** Leaves a message here without a place while there is room for such; the table keeps the others, and they come again later. */
    void park(JdbcDelivery delivery) {
        if (request.roomAside(claimed.parked())) {
            delivery.parked(true);
            wakeUp();
        } else if (delivery.change(State.OPEN, State.ASIDE)) {
            claimed.finished(delivery);
        }
    }

    /** Waits for what is being handed out at the moment; what is claimed by then goes back. */
    @Override
    public void pause() {
        handing.lock();
        try {
            paused = true;
        } finally {
            handing.unlock();
        }
    }

    @Override
    public void resume() {
        paused = false;
        wakeUp();
    }

    private Duration step() {
        try {
            boolean more = turn();
            if (failing) {
                failing = false;
                LOG.info("Channel '{}' receives again for group '{}'", settings.channel(), request.group());
            }
            return more ? Duration.ZERO : rest;
        } catch (SQLException e) {
            stumbled(e);
        } catch (RuntimeException e) {
            stumbled(new SQLException("A turn failed", "HY000", e)); // a pool or proxy may fail in its own way
        }
        boolean unused = loop.closedWithin(RETRY.after(1)); // no wake-up leads to a database that does not answer
        return Duration.ZERO;
    }

    private void stumbled(SQLException failure) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "Channel '{}' cannot receive for group '{}' at the moment ({}, SQLState {}); trying again until it can",
                    settings.channel(),
                    request.group(),
                    Failures.reason(failure),
                    failure.getSQLState());
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("Channel '{}' could not receive", settings.channel(), Failures.safe(failure));
        }
    }

    /** Returns whether there may be more to claim. */
    private boolean turn() throws SQLException {
        introduce();
        flush();
        renew();
        if (late()) {
            return true;
        }
        int free = Math.min(room(), settings.maximumBatch());
        if (paused || loop.isClosed() || free <= 0) {
            return false;
        }
        if (unsure) {
            giveBackUnknown();
        }
        long begun = System.nanoTime(); // leases begin later
        Claims.Found found = claim(free);
        handOut(found.rows(), begun + settings.lease().toNanos() / 10 * 9);
        elapsed.look(found.seen() == 0);
        if (found.seen() == 0) {
            adopt();
        }
        return found.seen() == free && !found.rows().isEmpty();
    }

    private int room() {
        return request.room(claimed.size(), claimed.parked());
    }

    private void introduce() throws SQLException {
        if (known) {
            return;
        }
        boolean adopts = request.startAt() == StartAt.EARLIEST && !request.ephemeral();
        settings.groups().create(request.group(), adopts, request.ephemeral() ? life() : null);
        settings.groups().adopt(request.group());
        settings.database().wakeups().listen();
        known = true;
    }

    private Duration life() {
        return settings.lease().multipliedBy(LEASES_OF_A_GROUP);
    }

    private void adopt() throws SQLException {
        if (System.nanoTime() - adopted >= settings.pollInterval().toNanos()) {
            adopted = System.nanoTime();
            if (settings.groups().adopt(request.group()) > 0) {
                wakeUp();
            }
        }
    }

    private Claims.Found claim(int free) throws SQLException {
        unsure = true;
        Set<String> blocked = claimed.blocked();
        Claims.Found found =
                settings.database().transact((connection, sql) -> claims.claim(connection, sql, free, blocked));
        unsure = false;
        return found;
    }

    private void giveBackUnknown() throws SQLException {
        settings.database().<Boolean>transact((connection, sql) -> {
            Set<Long> owned = claims.owned(connection);
            owned.removeAll(claimed.ids());
            if (!owned.isEmpty()) {
                claims.release(connection, List.copyOf(owned));
            }
            return true;
        });
        unsure = false;
    }

    private void handOut(List<Claims.Row> rows, long until) {
        handing.lock();
        try {
            if (paused) {
                rows.forEach(row -> claimed.putBack(this, row, until));
            } else {
                receive(rows, until);
            }
        } finally {
            handing.unlock();
        }
    }

    private void receive(List<Claims.Row> rows, long until) {
        List<JdbcDelivery> deliveries = new ArrayList<>(Math.min(rows.size(), request.maxBatch()));
        for (Claims.Row row : rows) {
            JdbcDelivery delivery = claimed.put(this, row, until);
            if (delivery == null) {
                continue;
            }
            deliveries.add(delivery);
            if (deliveries.size() == request.maxBatch()) {
                receiver.receive(deliveries);
                deliveries = new ArrayList<>(request.maxBatch());
            }
        }
        if (!deliveries.isEmpty()) {
            receiver.receive(deliveries);
        }
    }

    /** Writes what was finished, all of it or nothing. */
    private void flush() throws SQLException {
        Claims.Changes changes = claimed.changes();
        if (changes == null) {
            return;
        }
        settings.database().<Boolean>transact((connection, sql) -> claims.write(connection, sql, changes));
        claimed.written(changes);
        if (!changes.released().isEmpty()) {
            settings.database().wakeups().announce(settings.destination());
        }
    }

    private void renew() throws SQLException {
        long begun = System.nanoTime();
        if (begun - renewed < settings.lease().toNanos() / 3) {
            return;
        }
        if (request.ephemeral()) {
            settings.groups().extend(request.group(), life());
        }
        List<Long> ids = List.copyOf(claimed.ids());
        if (!ids.isEmpty() && claimed.leased()) {
            Set<Long> owned = settings.database().transact((connection, sql) -> claims.renew(connection, sql, ids));
            claimed.renewed(owned, begun + settings.lease().toNanos() / 10 * 9);
        } else if (!ids.isEmpty()) {
            giveUp();
        }
        renewed = begun;
    }

    /** Tells whether so much time went by since leases were looked at that what is out may not be ours any more. */
    private boolean late() {
        return System.nanoTime() - renewed >= settings.lease().toNanos() / 10 * 9;
    }

    /** Lets go of everything, without harm to others that have it now. */
    private void giveUp() throws SQLException {
        List<Long> lost = claimed.lose();
        if (!lost.isEmpty()) {
            settings.database().<Boolean>transact((connection, sql) -> {
                claims.release(connection, lost);
                return true;
            });
            claimed.forget(lost);
            settings.database().wakeups().announce(settings.destination());
        }
    }

    /** Writes what is finished and gives back the rest; what cannot be written comes again when its lease ends. */
    private void giveBack() {
        claimed.lose();
        try {
            flush();
            giveUp();
            if (unsure) {
                giveBackUnknown();
            }
            if (request.ephemeral() && known) {
                settings.groups().drop(request.group());
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug(
                    "Channel '{}' is closed before the messages of group '{}' are given back",
                    settings.channel(),
                    request.group(),
                    e);
        }
    }

    @Override
    public void close() {
        deaf.run();
        loop.end();
    }
}
