// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

/** The outcomes of calls, as observations and meters name them. */
enum CallOutcome {
    HIT(0),
    MISS(1),
    DONE(2),
    CONFLICT(3),
    ERROR(4);

    private final int index;
    private final String text = ObservedStore.text(this);

    CallOutcome(int index) {
        this.index = index;
    }

    /** Returns the place among all outcomes, from 0. */
    int index() {
        return index;
    }

    @Override
    public String toString() {
        return text;
    }
}
