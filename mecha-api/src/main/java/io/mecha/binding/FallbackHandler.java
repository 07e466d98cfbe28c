// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * A handler of one event that failed for the last time.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
@FunctionalInterface
public interface FallbackHandler<T> {

    /**
     * Handle the failure.
     *
     * @param event the event
     * @param failure why it failed
     * @return {@link Outcome#ack()}, {@link Outcome#drop()} or {@link Outcome#deadLetter(String)}; a retry counts as the latter
     * @throws Exception to have it go to the dead letter
     */
    Outcome handle(Event<T> event, Failure failure) throws Exception;
}
