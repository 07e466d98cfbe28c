// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.workload;

import java.util.stream.IntStream;

/** Keys that are made once, so that making them is not measured. */
public final class Keys {

    private final String[] keys;

    private Keys(String[] keys) {
        this.keys = keys;
    }

    /** Make keys. */
    public static Keys of(int count) {
        return new Keys(
                IntStream.range(0, count).mapToObj("key-%08d"::formatted).toArray(String[]::new));
    }

    /** Return how many there are. */
    public int count() {
        return keys.length;
    }

    /** Return one of the keys; any number that is not negative will do. */
    public String get(int draw) {
        return keys[index(draw)];
    }

    /** Return the index of the key that {@link #get} returns. */
    public int index(int draw) {
        return draw % keys.length;
    }
}
