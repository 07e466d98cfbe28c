// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.coordination.DistributedLock;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LockOptions;
import io.mecha.lifecycle.start.StartAction;
import io.mecha.lifecycle.start.StartGuard;
import io.mecha.lifecycle.start.StuckStepException;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The initializers that are done once in a cluster: each under a lock, with a record for each version in the store that keeps the lock.
 *
 * <p>The record is written in a transaction that is refused once another node has the lock, so that a node that was paused does not record
 * what another one is doing.
 */
final class ClusterInitializers {

    private static final Logger logger = LoggerFactory.getLogger(ClusterInitializers.class);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ObjectProvider<DistributedLocks> locks;
    private final ObjectProvider<StateStoreRegistry> stores;
    private final LockOptions options;
    private final NodeIdentity node;

    ClusterInitializers(
            ObjectProvider<DistributedLocks> locks,
            ObjectProvider<StateStoreRegistry> stores,
            Duration lease,
            NodeIdentity node) {
        this.locks = locks;
        this.stores = stores;
        this.options = LockOptions.defaults().lease(lease).waitTimeout(LONGEST).interruptOnLoss(true);
        this.node = node;
    }

    boolean isAvailable() {
        return locks.getIfAvailable() != null && stores.getIfAvailable() != null;
    }

    /** Returns the guard of one version of an initializer. */
    StartGuard guard(String name, String version) {
        return (action) -> run(name, version, action);
    }

    private boolean run(String name, String version, StartAction action) throws Exception {
        HeldLock held = acquire(name);
        boolean stuck = false;
        try {
            return run(held, new CompletionRecord(stores.getObject(), held.token(), name, version), action);
        } catch (StuckStepException running) {
            stuck = true; // so that no other node runs it meanwhile
            running.whenOver(held::close);
            throw running;
        } finally {
            if (!held.isValid()) {
                boolean unused = Thread.interrupted(); // it was for the loss, and not for what comes next
            }
            if (!stuck) {
                held.close();
            }
        }
    }

    private HeldLock acquire(String name) {
        DistributedLock lock = locks.getObject().lock("initializer-" + name, options);
        HeldLock held = lock.tryAcquire(PATIENCE).orElse(null);
        if (held == null) {
            logger.info("Initializer '{}' is run by another node, which this one waits for", name);
            held = lock.acquire();
        }
        return held;
    }

    private boolean run(HeldLock held, CompletionRecord record, StartAction action) throws Exception {
        if (record.exists()) {
            return false;
        }
        try {
            action.run();
        } catch (InterruptedException interrupted) {
            if (held.isValid()) {
                throw interrupted;
            }
        }
        if (!held.isValid() || !record.write(node.node())) {
            boolean unused = Thread.interrupted(); // it was for the loss, which is told now
            throw new IllegalStateException("The lock was lost while it ran, and another node may run it now");
        }
        return true;
    }

    /** The record that a version of an initializer was done. */
    private static final class CompletionRecord {

        private final Transactions transactions;
        private final FencingToken token;
        private final String key;

        CompletionRecord(StateStoreRegistry stores, FencingToken token, String name, String version) {
            StateStoreComponent store = stores.component(token.store());
            this.transactions = store.capabilities()
                    .find(Transactions.class)
                    .orElseThrow(() -> new InvalidConfigurationException(List.of(new Mistake(
                            "MECHA-L206",
                            "state store '%s'".formatted(token.store()),
                            "It keeps locks, and has no transactions to record in what was done under them.",
                            "Use a store with transactions for coordination."))));
            this.token = token;
            this.key = store.keyPrefix() + "||mecha||initializer||" + name + "||" + version;
        }

        /** Asks the backend itself, past all caches. */
        boolean exists() {
            return transactions.execute(List.of(new Require(key, new Precondition.Absent())))
                    instanceof TransactionResult.Conflict;
        }

        /** Writes it; {@code false} if another node has got the lock since. */
        boolean write(String node) {
            Value value = Value.of(node.getBytes(StandardCharsets.UTF_8));
            return transactions.execute(List.of(
                            new Fence(token.lease(), token.value()),
                            new Mutation.Put(key, value, null, new Precondition.None())))
                    instanceof TransactionResult.Committed;
        }
    }
}
