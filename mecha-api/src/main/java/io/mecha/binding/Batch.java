// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.time.Duration;
import java.util.List;

/**
 * Several messages for one call of a handler, with an outcome for each.
 *
 * <p>A message is acknowledged unless the handler says otherwise. If the handler throws, every message without an outcome is
 * retried. With {@link Ordering#KEY}, a message that is to be retried holds up later ones of its key, in this batch too:
 * they are retried after it. Not thread-safe.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
public interface Batch<T> {

    /**
     * Return the events.
     *
     * @return at least one, in order of arrival; unmodifiable
     */
    List<Event<T>> events();

    /**
     * Return the payloads of the events that have one.
     *
     * @return the payloads, in order of arrival; unmodifiable
     */
    List<T> payloads();

    /**
     * Return how many messages there are.
     *
     * @return at least 1
     */
    int size();

    /**
     * Try a message again, after the delay of the retry policy.
     *
     * @param index position in {@link #events()}
     * @param failure what went wrong
     */
    void retry(int index, Throwable failure);

    /**
     * Try a message again after a delay.
     *
     * @param index position in {@link #events()}
     * @param after how long to wait; zero or more
     */
    void retry(int index, Duration after);

    /**
     * Forget a message.
     *
     * @param index position in {@link #events()}
     */
    void drop(int index);

    /**
     * Give a message up.
     *
     * @param index position in {@link #events()}
     * @param reason why
     */
    void deadLetter(int index, String reason);
}
