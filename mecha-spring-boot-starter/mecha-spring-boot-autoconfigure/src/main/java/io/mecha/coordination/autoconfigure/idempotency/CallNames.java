// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The digest of texts that name a call together: of the same length whatever they are, and telling nothing of them.
 *
 * @since 1.0
 */
public final class CallNames {

    private static final String ALGORITHM = "SHA-256";

    private CallNames() {}

    /**
     * Make a key of what names a call.
     *
     * @param parts the texts, in order; no two lists have the same key
     * @return 43 letters, digits, dashes and underscores
     */
    public static String key(@Nullable String... parts) {
        MessageDigest digest = digest();
        for (String part : parts) {
            add(digest, part);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }

    /**
     * Add a text.
     *
     * @param digest takes its length and its bytes
     * @param part the text, or nothing, which is not the same as an empty one
     */
    public static void add(MessageDigest digest, @Nullable String part) {
        byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
        int length = part == null ? -1 : bytes.length;
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (length >> shift));
        }
        digest.update(bytes);
    }

    /**
     * Begin a digest.
     *
     * @return of 32 bytes
     */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
