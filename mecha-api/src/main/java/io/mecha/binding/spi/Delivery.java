// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * One message that was handed out and must be finished: by {@link #acknowledge}, {@link #release} or {@link #reject}.
 *
 * <p>The first of them counts; more do nothing. Thread-safe, in any order among deliveries, and none of them throws: a backend that cannot
 * be reached delivers again.
 *
 * @since 1.0
 */
public interface Delivery {

    /**
     * Return the message.
     *
     * @return the message
     */
    Message message();

    /**
     * Return how often the message was handed out, this time included.
     *
     * @return 1 for the first time, and where the backend does not count
     */
    int attempt();

    /**
     * Tell whether the message is still ours.
     *
     * @return {@code false} once the backend has given it to somebody else or will do so, for example after a lost connection; then it
     *     should not be handled any more. Cheap
     */
    boolean current();

    /** The message was handled: forget it. */
    void acknowledge();

    /** The message was not handled: deliver it again soon, to any member of the group. */
    void release();

    /**
     * The message cannot be handled and nobody keeps it: use what the technology has for that, or forget it.
     *
     * @param rejection why
     */
    void reject(Rejection rejection);

    /**
     * Put the message aside for long, since what should keep it refuses it for good; others go on meanwhile. Called once at most, and
     * not while another thread finishes the message.
     *
     * <p>{@link #current} tells what became of it. While it is ours it is finished later, as any other, and takes
     * {@link ConsumerRequest#roomAside no place} among those in flight. If it is not, this delivery has ended: the backend hands the
     * message out again, some ten minutes later or when this process is gone; one that keeps no messages has told the sender that
     * nobody has handled it, or waits for the next.
     *
     * @implSpec Leave the message unfinished in the backend: it is not lost with this process. What is left in memory is bounded; what
     *     comes on top goes back to the backend, and not at once to a receiver, so that however many are put aside stop nobody.
     */
    void park();
}
