// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Secret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that values are encrypted with: one to write, and earlier ones to read.
 *
 * @since 1.0
 */
public final class EncryptionKeys {

    private static final int KEY_BYTES = 32;

    private final int currentId;
    private final Map<Integer, SecretKey> keys = new LinkedHashMap<>();

    private EncryptionKeys(Secret current, List<Secret> previous) {
        this.currentId = add(current);
        previous.forEach(this::add);
    }

    /**
     * Parse keys.
     *
     * @param current writes and reads; 32 bytes as 64 hexadecimal digits or in Base64
     * @param previous read only, in the same form; may be empty
     * @return the keys
     * @throws IllegalArgumentException if a key does not have this form; the message does not repeat it
     */
    public static EncryptionKeys of(Secret current, List<Secret> previous) {
        return new EncryptionKeys(current, previous);
    }

    private int add(Secret secret) {
        byte[] key = parse(secret.reveal().strip());
        int id = id(key);
        keys.put(id, new SecretKeySpec(key, "AES"));
        return id;
    }

    private static byte[] parse(String text) {
        byte[] key;
        try {
            key = text.length() == KEY_BYTES * 2
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            // Not kept as the cause: its message quotes the key.
            throw new IllegalArgumentException("An encryption key is neither hexadecimal nor Base64");
        }
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "An encryption key has %d bytes instead of %d".formatted(key.length, KEY_BYTES));
        }
        return key;
    }

    // Tells keys apart without telling anything of them; 32 bits suffice for the handful of keys of one store.
    private static int id(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return ByteBuffer.wrap(digest).getInt();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    int currentId() {
        return currentId;
    }

    @Nullable SecretKey find(int id) {
        return keys.get(id);
    }

    @Override
    public String toString() {
        return "EncryptionKeys[%d]".formatted(keys.size());
    }
}
