// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.Capabilities;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.LeaderElection;
import io.mecha.coordination.LockOptions;
import io.mecha.runtime.ElapsedTime;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Locks and leaders of this node, whose leases one state store keeps.
 *
 * <p>It has threads only while something is held or stood for. Close it before the store. Thread-safe.
 *
 * @since 1.0
 */
public final class Coordination implements AutoCloseable {

    private static final Duration BUDGET = Duration.ofSeconds(10);

    /** What the backend gets to be told in, though the budget is spent. */
    private static final Duration LEAST = Duration.ofMillis(100);

    private final String store;
    private final LeaseKeeper keeper;
    private final EngineLocks locks;
    private final Elections elections;
    private final Supplier<Duration> closing;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Coordination(Builder builder, Leases leases) {
        this.store = builder.store;
        this.closing = builder.closing;
        Guard guard = new Guard(store, builder.type, builder.capabilities);
        this.keeper = new LeaseKeeper(store, leases, ElapsedTime.of(builder.clock));
        this.locks = new EngineLocks(
                keeper,
                guard,
                new Turns(builder.turn, EngineLock.AFTER_A_TURN),
                builder.prefix + "lock||",
                builder.locks);
        this.elections = new Elections(keeper, guard, builder.prefix + "leader||", builder.observer, builder.elections);
    }

    /**
     * Begin to make locks and leaders on a state store.
     *
     * @param store keeps the leases; its key prefix is that of the names, too
     * @return a builder with the defaults
     */
    public static Builder builder(StateStoreComponent store) {
        return new Builder(store.name(), store.type(), store.keyPrefix(), store.capabilities());
    }

    /**
     * Begin to make locks and leaders on a backend, without a store.
     *
     * @param store what to call it in messages and tokens
     * @param type id of its type
     * @param prefix what the name of every lease begins with
     * @param capabilities what it can do
     * @return a builder with the defaults
     */
    public static Builder builder(String store, String type, String prefix, Capabilities capabilities) {
        return new Builder(store, type, prefix, capabilities);
    }

    /**
     * Return the name of the store that keeps the leases.
     *
     * @return the name
     */
    public String store() {
        return store;
    }

    /**
     * Return the locks.
     *
     * @return the same at each call
     */
    public DistributedLocks locks() {
        return locks;
    }

    /**
     * Return the elections.
     *
     * @return the same at each call
     */
    public LeaderElection elections() {
        return elections;
    }

    /**
     * Return how many leases this node holds.
     *
     * @return the number of locks and leaderships
     */
    public int held() {
        return keeper.count();
    }

    /**
     * Return what happened so far.
     *
     * @return counts that go on
     */
    public CoordinationStatistics statistics() {
        return keeper.statistics();
    }

    /** Return how many threads of this node wait behind the first for a lock. */
    int waiting(String name) {
        return locks.waiting(name);
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    /** Return for how long the lease lasts that ends first. */
    Duration remaining() {
        return keeper.remaining();
    }

    /** Return of how many locks there is a queue. */
    int names() {
        return locks.names();
    }

    /** Close, within ten seconds or what {@link Builder#closing} says. */
    @Override
    public void close() {
        close(closing.get());
    }

    /**
     * Step down everywhere, lose all locks that are held, and let those go that wait for locks. Calling it again does nothing.
     *
     * <p>A leadership whose work ends within the budget is given back. A lock that is still held is not, because the holder of it may not
     * have ended their work: it ends by itself with its lease. Holders that want it to be given back close it before.
     *
     * @param budget the longest time for leaders to step down and for the backend to be told; the latter may take 100 ms at least
     */
    public void close(Duration budget) {
        if (closed.compareAndSet(false, true)) {
            long end = System.nanoTime() + budget.toNanos();
            boolean unused = elections.withdraw(budget);
            locks.close();
            elections.cutOff();
            keeper.close(Duration.ofNanos(Math.max(LEAST.toNanos(), end - System.nanoTime())));
        }
    }

    /**
     * A builder of locks and leaders.
     *
     * @since 1.0
     */
    public static final class Builder {

        private static final Duration TURN = Duration.ofSeconds(1);

        private final String store;
        private final String type;
        private final String prefix;
        private final Capabilities capabilities;
        private InstantSource clock = InstantSource.system();
        private LeadershipObserver observer = LeadershipObserver.NONE;
        private LockOptions locks = LockOptions.defaults();
        private ElectionOptions elections = ElectionOptions.defaults();
        private Duration turn = TURN;
        private Supplier<Duration> closing = () -> BUDGET;

        private Builder(String store, String type, String prefix, Capabilities capabilities) {
            this.store = Objects.requireNonNull(store, "store");
            this.type = Objects.requireNonNull(type, "type");
            this.prefix = Objects.requireNonNull(prefix, "prefix");
            this.capabilities = Objects.requireNonNull(capabilities, "capabilities");
        }

        /**
         * Set the clock by which a test moves time; every other clock is left alone.
         *
         * @param clock the clock; the system's is the default
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Set how locks are acquired and held that say nothing else.
         *
         * @param options the options; {@link LockOptions#defaults()} by default
         * @return this builder
         */
        public Builder locks(LockOptions options) {
            this.locks = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Set how leaders are elected that say nothing else.
         *
         * @param options the options; {@link ElectionOptions#defaults()} by default
         * @return this builder
         */
        public Builder elections(ElectionOptions options) {
            this.elections = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Be told of leaderships.
         *
         * @param observer is told; nobody is by default
         * @return this builder
         */
        public Builder observer(LeadershipObserver observer) {
            this.observer = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /**
         * Set how long {@link Coordination#close()} may take.
         *
         * @param budget asked when it is closed; ten seconds by default
         * @return this builder
         */
        public Builder closing(Supplier<Duration> budget) {
            this.closing = Objects.requireNonNull(budget, "budget");
            return this;
        }

        /** Set how long a node holds a lock before it lets others have it. */
        Builder turn(Duration changed) {
            this.turn = changed;
            return this;
        }

        /**
         * Assemble.
         *
         * @return what holds nothing yet
         * @throws MissingCapabilityException if the store's backend has no leases
         */
        public Coordination build() {
            Leases leases = capabilities
                    .find(Leases.class)
                    .orElseThrow(() -> new MissingCapabilityException(store, type, Leases.class, capabilities.types()));
            return new Coordination(this, leases);
        }
    }
}
