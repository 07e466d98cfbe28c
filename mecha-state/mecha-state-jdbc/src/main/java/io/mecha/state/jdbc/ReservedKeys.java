// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

/** The keys of rows that are not the user's: they have a control character, which no user's key has. */
final class ReservedKeys {

    /** What a sign of life writes and deletes again; each backend adds an id of its own. */
    static final String PING = "\u0001ping-";

    /** No key of the user's comes before this, and no reserved one after it. */
    private static final String FIRST = " ";

    private ReservedKeys() {}

    /** Return where a scan starts, past the reserved keys. */
    static String first(String prefix) {
        return prefix.isEmpty() ? FIRST : prefix;
    }
}
