// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.SpringTransaction;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The keys on which a transaction of the application lost to others.
 *
 * <p>A transaction may read from a snapshot that does not hold what it lost to, so that each further attempt would lose
 * again. These keys are therefore read as they are now, and locked, as the conflict itself has done already.
 */
final class LostKeys {

    private final SpringTransaction transaction;

    LostKeys(SpringTransaction transaction) {
        this.transaction = transaction;
    }

    void add(String key) {
        if (!transaction.active()) {
            return;
        }
        Set<String> known = keys();
        if (known == null) {
            Set<String> keys = new HashSet<>();
            known = keys;
            TransactionSynchronizationManager.bindResource(this, keys);
            TransactionSynchronizationManager.registerSynchronization(new Cleanup(keys));
        }
        known.add(key);
    }

    /** Return the keys of this thread's transaction; {@code null} if there are none. */
    @SuppressWarnings("unchecked") // nothing else is bound
    @Nullable Set<String> keys() {
        return (Set<String>) TransactionSynchronizationManager.getResource(this);
    }

    private final class Cleanup implements TransactionSynchronization {

        private final Set<String> keys;

        Cleanup(Set<String> keys) {
            this.keys = keys;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(LostKeys.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(LostKeys.this, keys);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(LostKeys.this);
        }
    }
}
