// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * A handler of one event; the first step for {@link Bindings#subscribe(SubscriptionSpec, Handler)}.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
@FunctionalInterface
public interface Handler<T> {

    /**
     * Handle an event.
     *
     * @param event the event
     * @return what becomes of the message
     * @throws Exception to have it retried
     */
    Outcome handle(Event<T> event) throws Exception;
}
