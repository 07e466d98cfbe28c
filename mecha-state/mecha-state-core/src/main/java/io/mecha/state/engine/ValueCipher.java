// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.state.UnreadableValueException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The encryption of values with AES-256-GCM.
 *
 * <p>Form: one byte {@code 0x01}, four bytes key id, twelve random bytes nonce, ciphertext, sixteen bytes tag. The header, the
 * store and the key are authenticated with the value [1], so that a value moved to another key does not decrypt. A
 * random nonce of 96 bits allows 2^32 writes under one key [2]; rotate the key before.
 *
 * <p>Sources: [1] RFC 5116, section 2.1, associated data. [2] NIST SP 800-38D, section 8.3.
 */
final class ValueCipher {

    private static final byte FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEADER_BYTES = 1 + Integer.BYTES + NONCE_BYTES;

    /** How many bytes longer an encrypted value is. */
    static final int OVERHEAD = HEADER_BYTES + TAG_BYTES;

    private final EncryptionKeys keys;
    private final String store;
    private final int prefixLength;
    private final SecureRandom random = new SecureRandom();

    ValueCipher(EncryptionKeys keys, String store, int prefixLength) {
        this.keys = keys;
        this.store = store;
        this.prefixLength = prefixLength;
    }

    byte[] encrypt(String key, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] result = new byte[OVERHEAD + plain.length];
        ByteBuffer.wrap(result).put(FORMAT).putInt(keys.currentId()).put(nonce);
        SecretKey current = keys.find(keys.currentId());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, current, nonce);
            cipher.updateAAD(result, 0, HEADER_BYTES);
            cipher.updateAAD(associated(key));
            cipher.doFinal(plain, 0, plain.length, result, HEADER_BYTES);
            return result;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has AES-GCM", impossible);
        }
    }

    byte[] decrypt(String key, byte[] encrypted) {
        if (encrypted.length < OVERHEAD || encrypted[0] != FORMAT) {
            throw unreadable(key, "it was not written encrypted");
        }
        ByteBuffer header = ByteBuffer.wrap(encrypted, 1, HEADER_BYTES - 1);
        SecretKey secret = keys.find(header.getInt());
        if (secret == null) {
            throw unreadable(key, "it was encrypted with a key that is not configured");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        header.get(nonce);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, secret, nonce);
            cipher.updateAAD(encrypted, 0, HEADER_BYTES);
            cipher.updateAAD(associated(key));
            return cipher.doFinal(encrypted, HEADER_BYTES, encrypted.length - HEADER_BYTES);
        } catch (AEADBadTagException tampered) {
            throw unreadable(key, "it was changed, or written for another store or key");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has AES-GCM", impossible);
        }
    }

    private static Cipher cipher(int mode, @Nullable SecretKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        return cipher;
    }

    // A store's name has no NUL, so no other pair of store and key gives the same text.
    private byte[] associated(String key) {
        return (store + '\0' + key.substring(prefixLength)).getBytes(StandardCharsets.UTF_8);
    }

    private UnreadableValueException unreadable(String key, String reason) {
        return UnreadableValueException.undecryptable(store, key.substring(prefixLength), reason);
    }
}
