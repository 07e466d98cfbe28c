// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

/** The failure of a message that lacks what a parameter needs, so that trying again is useless. */
final class UnreadableParameterException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports what is missing.
     *
     * @param reason one sentence, which the dead letter shows
     */
    UnreadableParameterException(String reason) {
        super(reason);
    }
}
