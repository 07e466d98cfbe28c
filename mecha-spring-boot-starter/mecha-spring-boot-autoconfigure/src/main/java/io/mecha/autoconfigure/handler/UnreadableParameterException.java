// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

/**
 * The failure of a message that lacks what a parameter needs, so that trying again is useless.
 *
 * @since 1.0
 */
public final class UnreadableParameterException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Report what is missing.
     *
     * @param reason one sentence, shown to all readers of the message
     */
    public UnreadableParameterException(String reason) {
        super(reason);
    }
}
