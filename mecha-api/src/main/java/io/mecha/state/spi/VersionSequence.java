// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sequence of versions that never repeat, for backends that have no revisions of their own.
 *
 * <p>A version is a random prefix of 96 bits, drawn for each instance, and a counter: unique on every node without asking
 * any, and cheap. Thread-safe.
 *
 * @since 1.0
 */
public final class VersionSequence {

    /** The most characters a version has. */
    public static final int MAXIMUM_LENGTH = 40;

    private static final int PREFIX_BITS = 96;
    private final AtomicLong counter = new AtomicLong();
    private final String prefix = new BigInteger(PREFIX_BITS, new SecureRandom()).toString(Character.MAX_RADIX) + "-";

    /** Start a sequence with a prefix of its own. */
    public VersionSequence() {}

    /**
     * Make the next version.
     *
     * @return at most {@value #MAXIMUM_LENGTH} lower-case letters, digits and hyphens
     */
    public String next() {
        return prefix + counter.incrementAndGet();
    }
}
