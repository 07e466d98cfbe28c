// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.spi.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a delayed message: who has claimed it, a version, then its parts, each text with its length.
 *
 * @param id id of the event
 * @param message the message, without delay
 */
record DelayedMessage(String id, Message message) {

    private static final byte VERSION = 1;
    private static final int ABSENT = -1;

    /** Returns the bytes of an entry that nobody has claimed. */
    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(0);
            out.writeByte(VERSION);
            write(out, id);
            write(out, message.key());
            write(out, message.contentType());
            Duration timeToLive = message.timeToLive();
            out.writeLong(timeToLive == null ? ABSENT : timeToLive.toMillis());
            write(out, message.attributes());
            write(out, message.headers());
            write(out, message.body());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        write(out, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? ABSENT : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static void write(DataOutputStream out, Map<String, String> texts) throws IOException {
        out.writeInt(texts.size());
        for (Map.Entry<String, String> text : texts.entrySet()) {
            write(out, text.getKey());
            write(out, text.getValue());
        }
    }

    /** Returns who has claimed an entry; zero for nobody. */
    static long claimedBy(byte[] entry) {
        return entry.length < Long.BYTES ? 0 : ByteBuffer.wrap(entry).getLong();
    }

    /** Returns a copy of an entry that is claimed. */
    static byte[] claimed(byte[] entry, long claimant) {
        byte[] copy = Arrays.copyOf(entry, Math.max(entry.length, Long.BYTES));
        ByteBuffer.wrap(copy).putLong(claimant);
        return copy;
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException if it is none
     */
    static DelayedMessage read(byte[] entry) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry))) {
            in.readLong();
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("An entry of an unknown version");
            }
            String id = text(in);
            String key = text(in);
            String contentType = text(in);
            long timeToLive = in.readLong();
            Message message = Message.received(key, contentType, texts(in), texts(in), bytes(in));
            return new DelayedMessage(
                    id == null ? "" : id,
                    new StoredMessage(message, timeToLive < 0 ? null : Duration.ofMillis(timeToLive)));
        } catch (IOException malformed) {
            throw new IllegalArgumentException("An entry that ends early", malformed);
        }
    }

    private static byte @Nullable [] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("The bytes end early");
        }
        return bytes;
    }

    private static @Nullable String text(DataInputStream in) throws IOException {
        byte[] bytes = bytes(in);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String> texts(DataInputStream in) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = text(in);
            String value = text(in);
            texts.put(String.valueOf(name), String.valueOf(value));
        }
        return texts;
    }
}
