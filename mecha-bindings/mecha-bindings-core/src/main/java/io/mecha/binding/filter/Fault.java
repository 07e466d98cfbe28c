// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

/** The faults of an expression at evaluation. */
enum Fault {
    CAST(1),
    MATH(2),
    MISSING_ATTRIBUTE(3),
    FUNCTION(4);

    private final int code;

    Fault(int code) {
        this.code = code;
    }

    /** The outcome of a {@link Code.Flag} that failed. */
    int flag() {
        return -code;
    }

    /** Reads the outcome of a flag, which is negative. */
    static Fault ofFlag(int flag) {
        return of(-flag);
    }

    /** The outcome of a {@link Code.Numeric} that failed and is zero. */
    long number() {
        return number(0);
    }

    /** The outcome of a {@link Code.Numeric} that failed and has a value none the less. */
    long number(int value) {
        return ((long) code << 32) | Integer.toUnsignedLong(value);
    }

    /** Reads the outcome of a number, which {@link Code#failed failed}. */
    static Fault ofNumber(long number) {
        return of((int) (number >>> 32));
    }

    private static Fault of(int code) {
        return switch (code) {
            case 1 -> CAST;
            case 2 -> MATH;
            case 3 -> MISSING_ATTRIBUTE;
            default -> FUNCTION;
        };
    }
}
