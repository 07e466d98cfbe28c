// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.util.concurrent.CompletionStage;

/**
 * A handler of one event without occupying a thread until the outcome is known.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
@FunctionalInterface
public interface AsyncHandler<T> {

    /**
     * Begin to handle an event.
     *
     * @param event the event
     * @return completes with what becomes of the message, or exceptionally to have it retried; the message keeps its place in
     *     the order and its share of the concurrency until then
     * @throws Exception to have it retried
     */
    CompletionStage<Outcome> handle(Event<T> event) throws Exception;
}
