// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.state.memory.TransactionScope;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transactions of Spring, whatever their resource is. */
final class SpringTransactionScope implements TransactionScope {

    @Override
    public boolean active() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive();
    }

    @Override
    @SuppressWarnings("unchecked") // what an owner binds is what it made
    public <P extends Participant> P participant(Object owner, Supplier<P> participant) {
        P bound = (P) TransactionSynchronizationManager.getResource(owner);
        if (bound == null) {
            bound = participant.get();
            TransactionSynchronizationManager.registerSynchronization(new Enlisted(owner, bound));
            TransactionSynchronizationManager.bindResource(owner, bound);
        }
        return bound;
    }

    @Override
    public void afterCompletion(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                action.run();
            }
        });
    }

    @Override
    public void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }

    /** A participant in one transaction; commits before other callbacks, so that they see what was done. */
    private static final class Enlisted implements TransactionSynchronization {

        private final Object owner;
        private final Participant participant;
        private boolean ended;

        Enlisted(Object owner, Participant participant) {
            this.owner = owner;
            this.participant = participant;
        }

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(owner);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(owner, participant);
        }

        @Override
        public void afterCommit() {
            end(true);
        }

        @Override
        public void afterCompletion(int status) {
            end(status == STATUS_COMMITTED);
        }

        private void end(boolean committed) {
            if (ended) {
                return;
            }
            ended = true;
            TransactionSynchronizationManager.unbindResourceIfPossible(owner);
            if (committed) {
                participant.commit();
            } else {
                participant.rollback();
            }
        }
    }
}
