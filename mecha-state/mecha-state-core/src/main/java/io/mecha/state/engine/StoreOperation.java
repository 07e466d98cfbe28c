// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

/** The operations of a store, as observations and meters name them. */
enum StoreOperation {
    GET,
    FIND,
    PUT,
    REPLACE,
    PUT_IF_ABSENT,
    REMOVE,
    COMPUTE,
    GET_ALL,
    PUT_ALL,
    WRITE_ALL,
    TRANSACT,
    KEYS;

    private final String text = ObservedStore.text(this);
    private final String observation = "mecha.state." + text;

    /** Returns the name of the observation, and of the meter. */
    String observation() {
        return observation;
    }

    @Override
    public String toString() {
        return text;
    }
}
