// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.FallbackHandler;
import io.mecha.binding.event.IncomingEvent;
import org.jspecify.annotations.Nullable;

/**
 * The kind of a handler: for one event or for several at once.
 *
 * @param <T> type of the payload
 * @param payload how payloads are read
 * @param fallback asked before the dead letter
 * @param jobs makes what the workers do
 */
record HandlerKind<T>(
        IncomingEvent.PayloadType<T> payload, @Nullable FallbackHandler<T> fallback, Jobs<T> jobs) {

    WorkerPool.Job job(HandlerSubscription<T> subscription, Parts<T> parts) {
        return jobs.create(subscription, parts);
    }

    /** A factory of the jobs of a subscription. */
    @FunctionalInterface
    interface Jobs<T> {

        WorkerPool.Job create(HandlerSubscription<T> subscription, Parts<T> parts);
    }

    /**
     * The parts that jobs are built from.
     *
     * @param inbox {@code null} if handled events are not remembered
     */
    record Parts<T>(
            Settlement<T> settlement,
            Results results,
            @Nullable Inbox inbox,
            ReceiveObservation observation) {}
}
