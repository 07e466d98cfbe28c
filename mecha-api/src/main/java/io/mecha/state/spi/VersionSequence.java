// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
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
    private static final byte[] DIGITS = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.ISO_8859_1);
    private static final int DIGIT_BITS = 5;
    private static final int DIGIT_MASK = DIGITS.length - 1;

    private final AtomicLong counter = new AtomicLong();
    private final byte[] prefix = (new BigInteger(PREFIX_BITS, new SecureRandom()).toString(Character.MAX_RADIX) + "-")
            .getBytes(StandardCharsets.ISO_8859_1);

    /** Start a sequence with a prefix of its own. */
    public VersionSequence() {}

    /**
     * Make the next version.
     *
     * @return at most {@value #MAXIMUM_LENGTH} lower-case letters, digits and hyphens
     */
    public String next() {
        long number = counter.incrementAndGet();
        int digits = (Long.SIZE - Long.numberOfLeadingZeros(number) + DIGIT_BITS - 1) / DIGIT_BITS;
        byte[] version = Arrays.copyOf(prefix, prefix.length + digits);
        for (int index = prefix.length; number != 0; number >>>= DIGIT_BITS) {
            version[index++] = DIGITS[(int) number & DIGIT_MASK];
        }
        return new String(version, StandardCharsets.ISO_8859_1);
    }
}
