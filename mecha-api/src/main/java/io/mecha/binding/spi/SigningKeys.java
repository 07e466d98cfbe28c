// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import io.mecha.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an application, with which its engine and its backends sign what they say to each other in messages.
 *
 * <p>All senders of a server can write anything into a message. A signature there is from an owner of one of the keys.
 * Thread-safe.
 *
 * @since 1.0
 */
public final class SigningKeys {

    /** Number of bytes of a random key. */
    public static final int RANDOM_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Supplier<byte[]> source;
    private final boolean shared;
    private final List<SecretKeySpec> previous = new ArrayList<>();
    private volatile @Nullable SecretKeySpec own;

    private SigningKeys(Supplier<byte[]> source, boolean shared, List<Secret> previous) {
        this.source = source;
        this.shared = shared;
        previous.forEach(old -> this.previous.add(key(bytes(old))));
    }

    /**
     * Sign with a key that all nodes have.
     *
     * @param key signs and verifies; {@code null} for a random one that only this instance knows
     * @param previous verify only
     * @return the keys
     */
    public static SigningKeys of(@Nullable Secret key, List<Secret> previous) {
        return key == null ? kept(SigningKeys::random, previous) : new SigningKeys(() -> bytes(key), true, previous);
    }

    /**
     * Sign with a key that this node keeps, and other nodes need not know.
     *
     * @param source asked once, for the bytes of the key, when the first of them is needed
     * @param previous verify only
     * @return the keys
     */
    public static SigningKeys kept(Supplier<byte[]> source, List<Secret> previous) {
        return new SigningKeys(source, false, previous);
    }

    /**
     * Make a key.
     *
     * @return {@link #RANDOM_BYTES} random bytes
     */
    public static byte[] random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(Secret secret) {
        return secret.reveal().getBytes(StandardCharsets.UTF_8);
    }

    private static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    /**
     * Tell whether other nodes can verify what this one signs.
     *
     * @return {@code false} if only this node knows the key
     */
    public boolean shared() {
        return shared;
    }

    /**
     * Sign some bytes.
     *
     * @param parts what is signed, one after the other; the first should say what it is, so that it passes for nothing else
     * @return the HMAC-SHA256
     */
    public byte[] sign(byte[]... parts) {
        return mac(own(), parts);
    }

    /**
     * Tell whether some bytes were signed with one of the keys.
     *
     * @param signature what claims to be the signature
     * @param parts what is signed, one after the other
     * @return whether it is
     */
    public boolean verify(byte[] signature, byte[]... parts) {
        return MessageDigest.isEqual(signature, mac(own(), parts))
                || previous.stream().anyMatch(key -> MessageDigest.isEqual(signature, mac(key, parts)));
    }

    private SecretKeySpec own() {
        SecretKeySpec known = own;
        return known == null ? first() : known;
    }

    private synchronized SecretKeySpec first() {
        SecretKeySpec known = own;
        if (known == null) {
            known = key(source.get());
            own = known;
        }
        return known;
    }

    private static byte[] mac(SecretKeySpec key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }
}
