// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;

/**
 * Writes and reads attributes as text.
 *
 * <p>Source: CloudEvents 1.0.2, section "Type System".
 */
final class AttributeText {

    /** Most attributes of an event. */
    static final int MAXIMUM_COUNT = 256;

    /** Most characters of an attribute. */
    static final int MAXIMUM_LENGTH = 64 * 1024;

    private AttributeText() {}

    /** Returns the canonical text of an attribute's value. */
    static String of(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
    }

    /**
     * Reads a time, RFC 3339.
     *
     * @throws DateTimeException if the text is none
     */
    static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    /** Tells whether a text can be the name of an attribute. */
    static boolean isName(String name) {
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            if (!((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
