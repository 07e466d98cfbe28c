// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The position of a scan.
 *
 * <p>Redis may return more names for a cursor than were asked for, and does not take a position within them; so the names
 * that did not fit on the page travel in the token. Going back to the same cursor instead would lose keys when the table
 * has changed meanwhile.
 *
 * @param prefix what the keys begin with; a token is for the same prefix only
 * @param cursor the server's cursor; {@code 0} at the beginning and, in a token, when only {@code rest} is left
 * @param node the node that the cursor is for; empty outside a cluster
 * @param rest keys that were found and not returned yet
 */
record ScanToken(String prefix, String cursor, String node, List<String> rest) {

    static final String START = "0";
    private static final String FORMAT = "2";
    private static final String SEPARATOR = "\n";
    private static final int FIXED = 4;

    /** The most keys in a token; a page leaves a few thousand at the most. */
    private static final int MAXIMUM_REST = 10_000;

    private static final int MAXIMUM_LENGTH = 8 * 1024 * 1024;

    ScanToken {
        rest = List.copyOf(rest);
    }

    /** Read a token for a prefix; {@code null} stands for the beginning. */
    static ScanToken parse(String prefix, @Nullable String token) {
        if (token == null) {
            return new ScanToken(prefix, START, "", List.of());
        }
        if (token.length() > MAXIMUM_LENGTH) {
            throw new IllegalArgumentException("Not a page token of this backend");
        }
        String[] parts = decoded(token).split(SEPARATOR, -1);
        boolean known = parts.length >= FIXED
                && parts[0].equals(FORMAT)
                && parts[1].matches("[0-9]{1,20}")
                && parts[2].matches("[0-9a-f]{0,40}")
                && parts[3].equals(prefix)
                && parts.length <= FIXED + MAXIMUM_REST
                && Arrays.stream(parts).skip(FIXED).allMatch(key -> key.startsWith(prefix));
        if (!known) {
            throw new IllegalArgumentException("Not a page token of this backend");
        }
        return new ScanToken(prefix, parts[1], parts[2], Arrays.asList(parts).subList(FIXED, parts.length));
    }

    private static String decoded(String token) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Not a page token of this backend", e);
        }
    }

    /** Write the token. */
    String text() {
        StringBuilder text = new StringBuilder(FORMAT).append(SEPARATOR).append(cursor);
        text.append(SEPARATOR).append(node).append(SEPARATOR).append(prefix);
        rest.forEach(key -> text.append(SEPARATOR).append(key));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
