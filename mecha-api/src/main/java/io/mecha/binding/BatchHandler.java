// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * A handler of several events in one call.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
@FunctionalInterface
public interface BatchHandler<T> {

    /**
     * Handle events.
     *
     * @param batch the events; takes the outcome of each that is not to be acknowledged
     * @throws Exception to have those retried that have no outcome
     */
    void handle(Batch<T> batch) throws Exception;
}
