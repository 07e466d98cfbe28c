// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

/** The failure of an attempt that took too long and still runs, so that there can be no other one. */
public final class StuckStepException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StuckStepException(StartStep step) {
        super("It took longer than %s and ignores that its thread was interrupted".formatted(step.timeout()));
    }
}
