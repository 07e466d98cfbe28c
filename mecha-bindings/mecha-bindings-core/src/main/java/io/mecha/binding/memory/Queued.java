// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.runtime.Ids;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A message in the queue of one group, and its place in the group's inbox. */
final class Queued {

    final Message message;

    /** What few messages have, apart so that the others are smaller. */
    private final @Nullable Terms terms;

    /** How often the message was handed out, or failed. Written by the holder of the message. */
    int attempts;

    /** Made when somebody asks, which is only for what is no event. Written by the holder of the message. */
    private MessageIdentity.@Nullable Identity identity;

    /** The message that was sent after this one. */
    volatile @Nullable Queued next;

    Queued(Message message, @Nullable Instant expiresAt, @Nullable Confirmation confirmation) {
        this.message = message;
        this.terms = expiresAt == null && confirmation == null ? null : new Terms(expiresAt, confirmation);
    }

    /** Returns when the message is of no more use, or {@code null}. */
    @Nullable Instant expiresAt() {
        return terms == null ? null : terms.expiresAt;
    }

    /** Returns what waits for the message to be handled, or {@code null}. */
    @Nullable Confirmation confirmation() {
        return terms == null ? null : terms.confirmation;
    }

    /** Returns what the message is known by as long as the broker lives, and what no message of another broker has. */
    MessageIdentity.Identity identity() {
        MessageIdentity.Identity known = identity;
        if (known == null) {
            known = new MessageIdentity.Identity(Ids.random(), null, null);
            identity = known;
        }
        return known;
    }

    private record Terms(
            @Nullable Instant expiresAt, @Nullable Confirmation confirmation) {}
}
