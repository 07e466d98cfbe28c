// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.Failure;
import org.jspecify.annotations.Nullable;

/** A reader of the value of one parameter from a message. */
@FunctionalInterface
interface ParameterReader {

    /**
     * Reads the value.
     *
     * @param message an event or a batch
     * @param failure why the message failed, for fallbacks
     * @throws UnreadableParameterException if the message does not have it
     */
    @Nullable Object read(Object message, @Nullable Failure failure);
}
