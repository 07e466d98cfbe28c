// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/** The rule for names of extensions. */
final class ExtensionNames {

    private ExtensionNames() {}

    static boolean isReserved(String name) {
        return switch (name) {
            case "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema",
                    "partitionkey",
                    "specversion",
                    "data" -> true;
            default -> false;
        };
    }

    static boolean isName(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            if (!((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9'))) {
                return false;
            }
        }
        return true;
    }
}
