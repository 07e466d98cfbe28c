// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.coordination.idempotency.Execution;
import java.lang.reflect.Method;

/**
 * The transactions of the application around calls that run once.
 *
 * @since 1.0
 */
public interface CallTransactions {

    /** Where there are no transactions. */
    CallTransactions NONE = new CallTransactions() {

        @Override
        public boolean isTransactional(Method method, Class<?> owner) {
            return false;
        }

        @Override
        public boolean call(Method method, Class<?> owner, Execution execution, Work work, Work beforeCommit)
                throws Throwable {
            try {
                work.run();
                beforeCommit.run();
            } catch (UndoneException undone) {
                throw undone.reason();
            }
            return true;
        }

        @Override
        public void marking(Execution execution, Work work) throws Throwable {
            work.run();
        }
    };

    /** The failure of work whose transaction is rolled back whatever the method says; its cause is what is thrown. */
    final class UndoneException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Throwable reason;

        /**
         * Wrap a failure.
         *
         * @param reason what failed
         */
        public UndoneException(Throwable reason) {
            super(reason);
            this.reason = reason;
        }

        /**
         * Return what failed.
         *
         * @return what is thrown
         */
        public Throwable reason() {
            return reason;
        }
    }

    /** A piece of work that runs in a transaction. */
    @FunctionalInterface
    interface Work {

        /**
         * Do it.
         *
         * @throws Throwable what it throws
         */
        @SuppressWarnings("checkstyle:IllegalThrows")
        void run() throws Throwable;
    }

    /**
     * Tell whether a method begins a transaction, or takes part in one, that can as well be begun around it.
     *
     * @param method a method of a bean
     * @param owner class of the bean
     * @return whether {@link #call} is for it
     */
    boolean isTransactional(Method method, Class<?> owner);

    /**
     * Begin the transaction of a method around work that calls the method.
     *
     * <p>The transaction ends as the method says, also if it throws. A commit in spite of an exception marks the call as done. A rollback
     * that the method has not demanded, but something that it called, is told to the caller with the exception of the transaction manager.
     *
     * @param method a transactional method
     * @param owner class of its bean
     * @param execution the call
     * @param work what to run
     * @param beforeCommit what to run after it, unless something demands the rollback; if it throws, the transaction is rolled back
     * @return whether it was committed, which it is not if the method demands the rollback
     * @throws Throwable what the work threw, or what the transaction manager threw at commit
     */
    @SuppressWarnings("checkstyle:IllegalThrows")
    boolean call(Method method, Class<?> owner, Execution execution, Work work, Work beforeCommit) throws Throwable;

    /**
     * Run a call whose transactions, which it begins on this thread, mark it as done.
     *
     * @param execution the call
     * @param work what to run
     * @throws Throwable what the work threw
     */
    @SuppressWarnings("checkstyle:IllegalThrows")
    void marking(Execution execution, Work work) throws Throwable;
}
