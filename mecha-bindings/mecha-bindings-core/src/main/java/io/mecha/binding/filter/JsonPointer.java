// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reading of JSON pointers.
 *
 * @implNote Source: RFC 6901.
 */
final class JsonPointer {

    private JsonPointer() {}

    /**
     * Cuts a pointer into its steps.
     *
     * @return the steps, unescaped; none for the whole document; empty if the text is no pointer
     */
    static Optional<List<String>> steps(String pointer) {
        if (pointer.isEmpty()) {
            return Optional.of(List.of());
        }
        if (pointer.charAt(0) != '/' || pointer.matches("(?s).*~(?![01]).*")) {
            return Optional.empty();
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return Optional.of(List.copyOf(steps));
    }
}
