// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a message failed for the last time, for a fallback.
 *
 * @param channel name of the channel
 * @param group the group that failed to handle it
 * @param attempts how often it was tried; at least 1
 * @param reason one sentence
 * @param cause what the last attempt threw; {@code null} if it returned an outcome
 * @since 1.0
 */
public record Failure(
        String channel,
        String group,
        int attempts,
        String reason,
        @Nullable Throwable cause) {

    public Failure {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(reason, "reason");
    }
}
