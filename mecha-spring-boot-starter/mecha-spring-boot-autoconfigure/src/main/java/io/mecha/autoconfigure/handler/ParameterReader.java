// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import org.jspecify.annotations.Nullable;

/**
 * A reader of the value of one parameter from a message.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface ParameterReader {

    /**
     * Read the value.
     *
     * @param message what the method is called for, for example an event
     * @param context what is known beside the message, for example why it failed
     * @return the value of the parameter
     * @throws UnreadableParameterException if the message does not have it
     */
    @Nullable Object read(Object message, @Nullable Object context);
}
