// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header that has the key: an item of structured fields (RFC 9651) that is a string, once in a request. Parameters of it are
 * allowed and mean nothing.
 */
final class KeyHeader {

    private static final int LONGEST_KEY = 255;

    private static final String STRING = "\"(?:[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*\"";
    private static final String BARE = "[A-Za-z0-9!#$%&'*+.^_`|~:/?=@-]+";
    private static final Pattern ITEM =
            Pattern.compile(" *(" + STRING + ")(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:" + STRING + "|" + BARE + "))?)* *");

    private KeyHeader() {}

    /** Returns the key, or {@code null} if the header is malformed. */
    static @Nullable String read(List<String> lines) {
        if (lines.size() != 1 || lines.get(0).length() > 4 * LONGEST_KEY) {
            return null;
        }
        Matcher item = ITEM.matcher(lines.get(0));
        if (!item.matches()) {
            return null;
        }
        String quoted = item.group(1);
        String key = quoted.substring(1, quoted.length() - 1).replaceAll("\\\\([\"\\\\])", "$1");
        return key.isBlank() || key.length() > LONGEST_KEY ? null : key;
    }
}
