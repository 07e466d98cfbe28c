// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of messages that say nothing about themselves: the capability behind an inbox on a channel of raw messages.
 *
 * @since 1.0
 */
public interface MessageIdentity {

    /**
     * Return what a message is known by, the same each time that it is handed out to a member of its group.
     *
     * @param delivery a delivery of this backend
     * @return the identity; {@code null} if this very message has none. Does not wait for the server, does not throw
     * @implSpec Never the same for two messages, also after a queue or a topic was made anew or a connection was lost: a place
     *     alone, such as an offset or a delivery tag, is not enough where places are given again.
     */
    @Nullable Identity of(Delivery delivery);

    /**
     * The identity of a message.
     *
     * @param id unique within the source; not empty
     * @param source the place that the message comes from, a URI reference; {@code null} for the source of the channel
     * @param time when the message was sent, or {@code null} if the backend does not know
     */
    record Identity(
            String id, @Nullable String source, @Nullable Instant time) {

        public Identity {
            Objects.requireNonNull(id, "id");
            if (id.isEmpty()) {
                throw new IllegalArgumentException("an identity is not empty");
            }
        }
    }
}
