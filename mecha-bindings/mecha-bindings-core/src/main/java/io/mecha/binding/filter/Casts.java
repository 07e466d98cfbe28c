// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.Base64;

/**
 * The casts between the three types, without exceptions.
 *
 * @implNote Source: CloudEvents SQL 1.0, section 3.7 "Type casting".
 */
final class Casts {

    private Casts() {}

    /** Makes one of the three types, or a failure, of what an event shows. */
    static Object primitive(Object value) {
        return value instanceof String || value instanceof Boolean || value instanceof Integer ? value : text(value);
    }

    /** Writes an attribute as CloudEvents writes it. */
    static String text(Object value) {
        return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
    }

    static Object toText(Object value) {
        if (value instanceof String) {
            return value;
        }
        return value instanceof Failure failure ? Failure.text(failure.fault()) : value.toString();
    }

    static int toFlag(Object value) {
        if (value instanceof Boolean flag) {
            return Code.flag(flag);
        }
        if (value instanceof String text) {
            return parseFlag(text);
        }
        return value instanceof Failure failure ? failure.fault().flag() : Code.flag((Integer) value != 0);
    }

    static long toNumber(Object value) {
        if (value instanceof Integer number) {
            return Code.number(number);
        }
        if (value instanceof String text) {
            return parseNumber(text);
        }
        return value instanceof Failure failure ? failure.fault().number() : Code.number((Boolean) value ? 1 : 0);
    }

    static int parseFlag(String text) {
        if (text.equalsIgnoreCase("true")) {
            return Code.TRUE;
        }
        return text.equalsIgnoreCase("false") ? Code.FALSE : Fault.CAST.flag();
    }

    static long parseNumber(String text) {
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        int start = negative || (length > 0 && text.charAt(0) == '+') ? 1 : 0;
        if (start == length) {
            return Fault.CAST.number();
        }
        long value = 0;
        for (int i = start; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Fault.CAST.number();
            }
            value = value * 10 + digit;
            if (value > 1L + Integer.MAX_VALUE) {
                return Fault.CAST.number();
            }
        }
        long signed = negative ? -value : value;
        return signed > Integer.MAX_VALUE ? Fault.CAST.number() : Code.number((int) signed);
    }
}
