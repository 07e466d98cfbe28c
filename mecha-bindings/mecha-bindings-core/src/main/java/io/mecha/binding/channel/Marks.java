// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.SigningKeys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The signed marks by which engines tell each other what became of a message, in the header {@link HeaderNames#MARK}.
 *
 * <p>A mark is {@code v1.<payload>.<HMAC-SHA256>}, both parts in Base64. It is bound to a place, a group, the id of the event, if the
 * message shows one, and the body, so that a copy of it says nothing about another message. Every sender to a broker can write anything
 * there; what a mark asks for is done only if one of the keys has signed it.
 */
public final class Marks {

    private static final String VERSION = "v1";
    private static final byte[] END = {(byte) 0xFF};
    private static final byte[] NOTHING = {};
    private static final int MAXIMUM_LENGTH = 4096;

    private final SigningKeys keys;

    /**
     * Sign and verify.
     *
     * @param keys the keys of the application
     */
    public Marks(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * Tell whether other nodes can verify what this one signs.
     *
     * @return {@code false} if only this instance knows the key
     */
    public boolean configured() {
        return keys.shared();
    }

    /**
     * A mark.
     *
     * @param kind what the mark says
     * @param place for a dead letter the channel it comes from, for a redriven event the destination it is sent to
     * @param group the group that gave the message up, or that alone gets it
     * @param run the redrive that sent it, empty if none did
     * @param position where the event of a dead letter without data lies; empty if it is in the message
     * @param verified whether one of the keys has signed it, for this message
     */
    public record Mark(Kind kind, String place, String group, String run, String position, boolean verified) {}

    /** The kinds of marks. */
    public enum Kind {
        /** The message was given up by the group. */
        DEAD,
        /** The message is for this group alone. */
        ONLY
    }

    /**
     * Return a message with a signed mark.
     *
     * @param message message from which key, content type, body and original are taken
     * @param attributes attributes of the result, by name
     * @param headers headers of the result, by name; the mark is added to a copy
     * @param kind what the mark says
     * @param parts place, group and run of the mark, and for {@code DEAD} the position, in this order
     * @return a new message
     */
    public Message marked(
            Message message, Map<String, String> attributes, Map<String, String> headers, Kind kind, String... parts) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        Message unsigned = Message.received(
                message.key(), message.contentType(), attributes, all, message.body(), message.original());
        String payload = payload(kind, parts);
        all.put(HeaderNames.MARK, VERSION + "." + payload + "." + text(keys.sign(parts(payload, unsigned))));
        return unsigned;
    }

    private static String payload(Kind kind, String... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(kind.name());
            for (String part : parts) {
                out.writeUTF(part);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text(bytes.toByteArray());
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Read the mark of a message.
     *
     * @param message a received message
     * @return the mark, verified or not; {@code null} if there is none, or none that can be read
     */
    public @Nullable Mark of(Message message) {
        String text = message.headers().get(HeaderNames.MARK);
        return text == null || text.length() > MAXIMUM_LENGTH ? null : parse(text, message);
    }

    private @Nullable Mark parse(String text, Message message) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            return null;
        }
        try (DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(parts[1])))) {
            byte[] claimed = Base64.getUrlDecoder().decode(parts[2]);
            boolean verified = keys.verify(claimed, parts(parts[1], message));
            Kind kind = Kind.valueOf(in.readUTF());
            return new Mark(
                    kind, in.readUTF(), in.readUTF(), in.readUTF(), kind == Kind.DEAD ? in.readUTF() : "", verified);
        } catch (IOException | IllegalArgumentException malformed) {
            return null;
        }
    }

    /** Returns what is signed; the end of the id is in no text, so that no id and body pass for others. */
    private static byte[][] parts(String payload, Message message) {
        String id = message.attributes().get("id");
        byte[] body = message.body();
        return new byte[][] {
            (VERSION + "." + payload + ".").getBytes(StandardCharsets.UTF_8),
            id == null ? NOTHING : id.getBytes(StandardCharsets.UTF_8),
            END,
            body == null ? NOTHING : body
        };
    }
}
