// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.deadletter;

import io.mecha.Thrown;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.spi.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * The reason why an event was given up.
 *
 * @param rejection its kind
 * @param text one sentence; cut if it is long
 * @param attempts how often the event was tried
 * @param cause the exception of the handler; {@code null} if there was none
 */
public record DeadLetterReason(
        Rejection rejection,
        String text,
        int attempts,
        @Nullable Throwable cause) {

    private static final int MAXIMUM_TEXT = 1024;

    public DeadLetterReason {
        text = Thrown.cut(text, MAXIMUM_TEXT);
    }

    /**
     * Return the reason and the cause in one line.
     *
     * @return a line without control characters
     */
    public String line() {
        return AttributeText.clean(
                cause == null || rejection == Rejection.UNREADABLE ? text : text + " " + Thrown.describe(cause));
    }

    /** Leaves out what is of any length. */
    DeadLetterReason bare() {
        return new DeadLetterReason(rejection, "", attempts, null);
    }
}
