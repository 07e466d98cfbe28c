// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Value;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value as it is stored in a Redis string: a header, then the payload.
 *
 * <table>
 * <caption>Layout</caption>
 * <tr><th>bytes</th><th>meaning</th></tr>
 * <tr><td>1</td><td>{@code 0xF5}, which no UTF-8 text contains</td></tr>
 * <tr><td>1</td><td>format: {@code 0x10} without an expiry, {@code 0x11} with one</td></tr>
 * <tr><td>1</td><td>length of the version</td></tr>
 * <tr><td>1 to 40</td><td>version, in ASCII</td></tr>
 * <tr><td>16, only in format {@code 0x11}</td><td>expiry: milliseconds since 1970 by the server's clock, in decimal
 *     digits</td></tr>
 * <tr><td>any number</td><td>payload</td></tr>
 * </table>
 *
 * <p>So one plain {@code GET} answers with value, version and expiry, all of the same write, and one plain {@code SET} is
 * enough to write. The expiry is put in by the script that also sets it, because only the server knows its clock.
 */
final class StoredValue {

    /** The most bytes before the payload. */
    static final int MAXIMUM_HEADER = 64;

    /** How many bytes suffice to read the version. */
    static final int VERSION_HEADER = 43;

    private static final byte MARK = (byte) 0xF5;
    private static final byte PLAIN = 0x10;
    private static final byte EXPIRING = 0x11;
    private static final int FIXED = 3;
    private static final int DIGITS = 16;
    private static final int DECIMAL = 10;

    private final @Nullable String version;
    private final @Nullable Instant expiresAt;
    private final byte[] payload;

    private StoredValue(@Nullable String version, @Nullable Instant expiresAt, byte[] payload) {
        this.version = version;
        this.expiresAt = expiresAt;
        this.payload = payload;
    }

    /** Make a value that is kept until it is removed. */
    static StoredValue of(String version, Value value) {
        return new StoredValue(version, null, value.bytes());
    }

    /** Return the header of a value that expires, up to where the script adds the expiry. */
    static byte[] expiringHeader(String version) {
        byte[] text = version.getBytes(StandardCharsets.US_ASCII);
        byte[] header = new byte[FIXED + text.length];
        header[0] = MARK;
        header[1] = EXPIRING;
        header[2] = (byte) text.length;
        System.arraycopy(text, 0, header, FIXED, text.length);
        return header;
    }

    /** Return how a version stands in the header; one that is too long to be ours stands nowhere. */
    static byte[] versionWithLength(String version) {
        byte[] text = version.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[1 + text.length];
        bytes[0] = (byte) text.length;
        System.arraycopy(text, 0, bytes, 1, text.length);
        return bytes;
    }

    /** Read what the server holds; bytes in another layout become a value without a version. */
    static StoredValue decode(ByteBuffer bytes) {
        int start = bytes.position();
        int size = bytes.remaining();
        if (size < FIXED || bytes.get(start) != MARK) {
            return foreign(bytes);
        }
        byte format = bytes.get(start + 1);
        int length = bytes.get(start + 2);
        int header = FIXED + length + (format == EXPIRING ? DIGITS : 0);
        if (length <= 0 || (format != PLAIN && format != EXPIRING) || size < FIXED + length) {
            return foreign(bytes);
        }
        byte[] text = new byte[length];
        bytes.position(start + FIXED).get(text);
        String version = new String(text, StandardCharsets.ISO_8859_1);
        if (size < header) {
            return new StoredValue(version, null, new byte[0]);
        }
        Instant expiresAt = format == EXPIRING ? expiry(bytes) : null;
        return new StoredValue(version, expiresAt, rest(bytes));
    }

    private static StoredValue foreign(ByteBuffer bytes) {
        return new StoredValue(null, null, rest(bytes));
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    private static Instant expiry(ByteBuffer bytes) {
        long milliseconds = 0;
        for (int i = 0; i < DIGITS; i++) {
            milliseconds = milliseconds * DECIMAL + (bytes.get() - '0');
        }
        return Instant.ofEpochMilli(milliseconds);
    }

    /** Return how many bytes {@link #encode} writes. */
    int size() {
        return version == null ? payload.length : FIXED + version.length() + payload.length;
    }

    /** Write header and payload. */
    void encode(ByteBuf target) {
        if (version != null) {
            target.writeByte(MARK).writeByte(PLAIN).writeByte(version.length());
            target.writeCharSequence(version, StandardCharsets.US_ASCII);
        }
        target.writeBytes(payload);
    }

    /** Return the version, or {@code null} if the bytes were not written by this adapter. */
    @Nullable String version() {
        return version;
    }

    /** Tell whether there is nothing at all, as when a key is absent. */
    boolean isEmpty() {
        return version == null && payload.length == 0;
    }

    /** Return what is stored, or {@code null} if the bytes were not written by this adapter. */
    @Nullable Entry entry() {
        return version == null ? null : new Entry(Value.of(payload), version, expiresAt);
    }

    /** Tell the size only: values are not printed. */
    @Override
    public String toString() {
        return "StoredValue[%d bytes]".formatted(payload.length);
    }
}
