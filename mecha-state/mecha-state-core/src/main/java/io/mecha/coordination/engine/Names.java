// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.InvalidCoordinationRequestException;
import org.jspecify.annotations.Nullable;

/** The rules that names of locks and leaders obey. */
final class Names {

    private static final int MAXIMUM_LENGTH = 512;

    private Names() {}

    static String check(String what, @Nullable String name) {
        if (name == null) {
            throw InvalidCoordinationRequestException.name(what, "is null");
        }
        if (name.isBlank()) {
            throw InvalidCoordinationRequestException.name(what, "is blank");
        }
        int length = name.length();
        if (length > MAXIMUM_LENGTH) {
            throw InvalidCoordinationRequestException.name(what, "has %d characters".formatted(length));
        }
        for (int index = 0; index < length; index++) {
            char character = name.charAt(index);
            if (Character.isISOControl(character)) {
                throw InvalidCoordinationRequestException.name(
                        what, "has a control character at index %d".formatted(index));
            }
            if (Character.isSurrogate(character)) {
                if (!Character.isHighSurrogate(character)
                        || index + 1 == length
                        || !Character.isLowSurrogate(name.charAt(index + 1))) {
                    throw InvalidCoordinationRequestException.name(
                            what, "has an unpaired surrogate at index %d".formatted(index));
                }
                index++;
            }
        }
        return name;
    }
}
