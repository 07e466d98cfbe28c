// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Make versions that never repeat, for backends that have no revisions of their own.
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
    private static final int DIGIT_BITS = 5;
    private static final int LOW_BITS = 2 * DIGIT_BITS;
    private static final int LOWEST = (1 << DIGIT_BITS) - 1;
    private static final char[] DIGITS = "0123456789abcdefghijklmnopqrstuv".toCharArray();

    private final AtomicLong counter = new AtomicLong();
    private final String prefix = new BigInteger(PREFIX_BITS, new SecureRandom()).toString(Character.MAX_RADIX) + "-";
    private volatile Block block = block(0);

    /** Start a sequence with a prefix of its own. */
    public VersionSequence() {}

    /**
     * Make the next version.
     *
     * @return at most {@value #MAXIMUM_LENGTH} lower-case letters, digits and hyphens
     */
    public String next() {
        long number = counter.incrementAndGet();
        long high = number >>> LOW_BITS;
        Block current = block;
        if (current.high != high) {
            current = block(high);
            block = current;
        }
        return current.text + digit(number >>> DIGIT_BITS) + digit(number);
    }

    private Block block(long high) {
        return new Block(high, prefix + Long.toString(high, Character.MAX_RADIX));
    }

    private static char digit(long number) {
        return DIGITS[(int) number & LOWEST];
    }

    /**
     * What neighbours have in common: all but two digits, so that a version costs no more than copying them.
     *
     * @param high the number without what the last two digits say
     * @param text how versions with this number begin
     */
    private record Block(long high, String text) {}
}
