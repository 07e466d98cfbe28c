// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import java.util.Objects;

/**
 * State what must be true of a key for a write to happen.
 *
 * @since 1.0
 */
public sealed interface Precondition {

    /** Write in any case: the last write wins. */
    Precondition NONE = new None();

    /** Write only if the key has no value. */
    Precondition ABSENT = new Absent();

    /**
     * Write only if the key still has the version that was read: the first write wins.
     *
     * @param version version as read
     * @return the precondition
     */
    static Precondition version(String version) {
        return new Version(version);
    }

    /** No condition; use {@link Precondition#NONE}. */
    record None() implements Precondition {}

    /** The key has no value, or only an expired one; use {@link Precondition#ABSENT}. */
    record Absent() implements Precondition {}

    /**
     * The key has a value, with this version.
     *
     * @param version version as read; not blank, at most 512 characters, no control characters
     */
    record Version(String version) implements Precondition {

        private static final int MAXIMUM_LENGTH = 512;

        public Version {
            if (Objects.requireNonNull(version, "version").isBlank()) {
                throw InvalidStateRequestException.version("is blank");
            }
            if (version.length() > MAXIMUM_LENGTH) {
                throw InvalidStateRequestException.version("has %d characters".formatted(version.length()));
            }
            for (int index = 0; index < version.length(); index++) {
                if (Character.isISOControl(version.charAt(index))) {
                    throw InvalidStateRequestException.version("has a control character at index %d".formatted(index));
                }
            }
        }
    }
}
