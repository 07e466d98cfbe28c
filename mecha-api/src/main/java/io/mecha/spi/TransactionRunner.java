// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.spi;

import java.util.concurrent.Callable;

/**
 * A runner of work in a transaction of the application, so that, for example, a handler and its inbox commit together.
 *
 * @since 1.0
 */
public interface TransactionRunner {

    /**
     * Tell whether a state store can take part in the application's transactions.
     *
     * @param store name of the state store
     * @return whether {@link #call} commits what the store writes together with everything else
     */
    boolean joins(String store);

    /**
     * Run in a transaction.
     *
     * @param <R> type of the result
     * @param store name of the state store that must take part
     * @param work what to run; rolls back if it throws
     * @return what the work returned
     * @throws Exception what the work threw, or what the transaction manager threw at commit
     */
    <R> R call(String store, Callable<R> work) throws Exception;
}
