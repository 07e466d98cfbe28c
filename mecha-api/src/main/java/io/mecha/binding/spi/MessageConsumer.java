// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * The control over what receives for a group. Thread-safe.
 *
 * @since 1.0
 */
public interface MessageConsumer extends AutoCloseable {

    /** Hand out no more messages, but keep what was handed out and stay a member of the group. */
    void pause();

    /** Hand out messages again. */
    void resume();

    /**
     * Stop. Deliveries that are not finished go back to the backend at once, for other members of the group; finishing them
     * later does nothing. Returns when no call of the receiver runs and none will come.
     */
    @Override
    void close();
}
