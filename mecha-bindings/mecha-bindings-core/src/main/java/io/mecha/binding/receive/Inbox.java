// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.Thrown;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.runtime.Repeated;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory of events that a group has handled.
 *
 * <p>Where the store takes part in the application's transactions, the entry is written first and commits with what the handler did:
 * a second delivery at the same time waits for the row, and finds it. Elsewhere an event is claimed, handled and marked. A claim
 * is renewed while the handler runs, and ends by the clock of the store, so that an event whose handler died with its JVM is handled again.
 * Its version is its token: each claim and each renewal has another one, and the mark is written only under the last, so that nobody marks
 * what others have claimed since. A lease beside the entry would cost more round trips, and leave a row for each event.
 */
final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final int MAXIMUM_KEY = 400;
    private static final byte[] HANDLED = {'h'};
    private static final byte[] CLAIMED = {'c'};

    private final KeyValueStore<byte[]> store;
    private final PutOptions remember;
    private final PutOptions lease = PutOptions.timeToLive(LEASE);
    private final @Nullable TransactionRunner transactions;
    private final String prefix;
    private final EngineContext engine;
    private final Repeated unwritten = new Repeated();
    private final Repeated lost = new Repeated();

    Inbox(SubscriptionOptions.Inbox options, String channel, String group, EngineContext engine) {
        this.store = engine.stores().apply(options.store());
        this.remember = PutOptions.timeToLive(options.timeToLive());
        TransactionRunner runner = engine.transactions();
        this.transactions = runner != null && runner.joins(options.store()) ? runner : null;
        this.prefix = channel + "/" + measured(group);
        this.engine = engine;
    }

    boolean transactional() {
        return transactions != null;
    }

    /** Runs in a transaction of the store. */
    <R> R transact(Callable<R> work) throws Exception {
        return transactions == null ? work.call() : transactions.call(store.name(), work);
    }

    /** Writes the entry of an event; {@code false} if it is there already. Within a transaction. */
    boolean enter(IncomingEvent event) {
        return store.putIfAbsent(key(event), HANDLED, remember).applied();
    }

    /** Removes an entry that was written in the same transaction. */
    void forget(IncomingEvent event) {
        store.remove(key(event));
    }

    /** Claims an event. */
    Claim claim(IncomingEvent event) {
        String key = key(event);
        WriteResult result = store.putIfAbsent(key, CLAIMED, lease);
        if (result instanceof WriteResult.Written written) {
            return new Claim(key, State.OURS, written.version());
        }
        Optional<Versioned<byte[]>> found = store.find(key);
        boolean handled = found.isPresent() && Arrays.equals(found.get().value(), HANDLED);
        return new Claim(key, handled ? State.HANDLED : State.BUSY, "");
    }

    private String key(IncomingEvent event) {
        String key = prefix + measured(event.source()) + event.id();
        return key.length() > MAXIMUM_KEY || !key.chars().allMatch(Inbox::isPlain) ? hash(key) : key;
    }

    /** Tells where a text that may hold anything ends, so that no two events have one key. */
    private static String measured(String text) {
        return text.length() + ":" + text + "/";
    }

    private static boolean isPlain(int character) {
        return !Character.isISOControl(character) && !Character.isSurrogate((char) character);
    }

    private static String hash(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_16BE));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }

    private void unwritten(String what, Throwable failure) {
        long count = unwritten.add();
        if (count > 0) {
            LOG.warn(
                    "Claims in store '{}' were not {}, {} times; they end by themselves: {}",
                    store.name(),
                    what,
                    count,
                    Thrown.describe(failure));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("A claim in store '{}' was not {}", store.name(), what, Thrown.loggable(failure));
        }
    }

    private void lost(String key) {
        long count = lost.add();
        if (count > 0) {
            LOG.warn(
                    "Claims in store '{}' were lost, {} times, because they were not renewed in time or somebody removed them; the events"
                            + " may be handled twice",
                    store.name(),
                    count);
        }
        LOG.debug("The claim on '{}' in store '{}' was lost", key, store.name());
    }

    /** The state of an event in the inbox. */
    enum State {
        /** Nobody else handles it. */
        OURS,
        /** Another holds the claim. */
        BUSY,
        /** It was handled. */
        HANDLED
    }

    /** A right to handle an event. */
    final class Claim {

        private final ReentrantLock lock = new ReentrantLock();
        private final String key;
        private final State state;
        private String version;
        private boolean ended;

        private Claim(String key, State state, String version) {
            this.key = key;
            this.state = state;
            this.version = version;
            if (state == State.OURS) {
                renewLater();
            }
        }

        State state() {
            return state;
        }

        private void renewLater() {
            engine.timers().after(LEASE.dividedBy(3), () -> {
                try {
                    engine.background().execute(this::renew);
                } catch (RejectedExecutionException closing) {
                    LOG.debug("A claim was not renewed, the engine is closed", closing);
                }
            });
        }

        private void renew() {
            if (write(CLAIMED, lease, false)) {
                renewLater();
            }
        }

        /** Marks the event as handled. */
        void handled() {
            write(HANDLED, remember, true);
        }

        private boolean write(byte[] value, PutOptions options, boolean last) {
            lock.lock();
            try {
                if (ended) {
                    return false;
                }
                ended = last;
                WriteResult result = store.replace(key, value, version, options);
                if (result instanceof WriteResult.Written written) {
                    version = written.version();
                    return true;
                }
                ended = true;
                lost(key);
                return false;
            } catch (Throwable failure) { // allow CatchException: the claim ends by itself, whatever the store throws
                unwritten("written", failure);
                return !last;
            } finally {
                lock.unlock();
            }
        }

        /** Gives the event free, so that it can be handled again. */
        void undo() {
            lock.lock();
            try {
                if (!ended) {
                    ended = true;
                    store.remove(key, version);
                }
            } catch (Throwable failure) { // allow CatchException: the claim ends by itself, whatever the store throws
                unwritten("given back", failure);
            } finally {
                lock.unlock();
            }
        }
    }
}
