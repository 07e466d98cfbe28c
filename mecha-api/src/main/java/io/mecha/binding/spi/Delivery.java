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
     * The message stays unfinished for long, since what keeps it is not to be had; finished later, as any other. Does nothing unless
     * the backend has to know: where it can, it neither counts the message among {@link ConsumerRequest#room those that are in flight} nor
     * waits for it, and where it must not keep a message for so long, it gives it back in time. Not called while another thread finishes
     * the message.
     */
    default void park() {}
}
