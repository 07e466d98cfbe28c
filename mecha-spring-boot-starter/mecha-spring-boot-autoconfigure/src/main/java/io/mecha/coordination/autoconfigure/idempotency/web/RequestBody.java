// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import io.mecha.coordination.autoconfigure.idempotency.CallNames;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that is read before the handler reads it, for its digest.
 *
 * <p>It takes a bounded amount of memory: what is longer is in a file until the request is answered. Forms and their parts are read by
 * the server, which does the same.
 */
final class RequestBody implements AutoCloseable {

    /** The largest body that is kept in memory, and compared by what its JSON says. */
    private static final int IN_MEMORY = 1 << 20;

    private static final int CHUNK = 8 << 10;

    private final byte[] digest;
    private final byte @Nullable [] memory;
    private final @Nullable Path file;

    private RequestBody(byte[] digest, byte @Nullable [] memory, @Nullable Path file) {
        this.digest = digest;
        this.memory = memory;
        this.file = file;
    }

    /** The failure of a body that is too long, or cannot be read. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean tooLarge;

        UnreadableException(boolean tooLarge, @Nullable Throwable cause) {
            super(cause);
            this.tooLarge = tooLarge;
        }

        boolean tooLarge() {
            return tooLarge;
        }
    }

    static RequestBody read(HttpServletRequest request, long maximum) throws IOException, UnreadableException {
        if (request.getContentLengthLong() > maximum) {
            throw new UnreadableException(true, null);
        }
        String type = contentType(request);
        if (type.startsWith("multipart/")) {
            return ofServer(parts(request));
        }
        if (type.equals("application/x-www-form-urlencoded")) {
            return ofServer(form(request));
        }
        byte[] head = request.getInputStream().readNBytes((int) Math.min(IN_MEMORY, maximum + 1));
        if (head.length > maximum) {
            throw new UnreadableException(true, null);
        }
        if (head.length < IN_MEMORY) {
            return new RequestBody(digest(type, head), head, null);
        }
        return spool(head, request.getInputStream(), maximum);
    }

    /** Returns the content type without parameters. */
    static String contentType(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static RequestBody ofServer(byte[] digest) {
        return new RequestBody(digest, null, null);
    }

    private static byte[] digest(String type, byte[] body) {
        boolean json = type.equals("application/json") || type.endsWith("+json");
        byte[] canonical = json ? CanonicalJson.digest(body) : null;
        return canonical == null ? CallNames.digest().digest(body) : canonical;
    }

    private static byte[] form(HttpServletRequest request) throws UnreadableException {
        MessageDigest digest = CallNames.digest();
        try {
            for (Map.Entry<String, String[]> parameter : new TreeMap<>(request.getParameterMap()).entrySet()) {
                CallNames.add(digest, parameter.getKey());
                Arrays.stream(parameter.getValue()).forEach((value) -> CallNames.add(digest, value));
                CallNames.add(digest, null);
            }
        } catch (IllegalStateException unreadable) {
            throw new UnreadableException(false, unreadable);
        }
        return digest.digest();
    }

    private static byte[] parts(HttpServletRequest request) throws IOException, UnreadableException {
        MessageDigest digest = CallNames.digest();
        try {
            for (Part part : request.getParts()) {
                CallNames.add(digest, part.getName());
                CallNames.add(digest, part.getSubmittedFileName());
                CallNames.add(digest, part.getContentType());
                CallNames.add(digest, Long.toString(part.getSize()));
                try (InputStream content = part.getInputStream()) {
                    copy(content, OutputStream.nullOutputStream(), digest, Long.MAX_VALUE);
                }
            }
        } catch (IllegalStateException | ServletException unreadable) {
            throw new UnreadableException(false, unreadable);
        }
        return digest.digest();
    }

    private static RequestBody spool(byte[] head, InputStream rest, long maximum)
            throws IOException, UnreadableException {
        MessageDigest digest = CallNames.digest();
        Path file = Files.createTempFile("mecha-request", null);
        boolean complete = false;
        try (OutputStream out = Files.newOutputStream(file)) {
            digest.update(head);
            out.write(head);
            if (copy(rest, out, digest, maximum - head.length) > maximum - head.length) {
                throw new UnreadableException(true, null);
            }
            complete = true;
        } finally {
            if (!complete) {
                Files.deleteIfExists(file);
            }
        }
        return new RequestBody(digest.digest(), null, file);
    }

    private static long copy(InputStream in, OutputStream out, MessageDigest digest, long maximum) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long copied = 0;
        for (int length = in.read(chunk); length >= 0 && copied <= maximum; length = in.read(chunk)) {
            digest.update(chunk, 0, length);
            out.write(chunk, 0, length);
            copied += length;
        }
        return copied;
    }

    byte[] digest() {
        return digest;
    }

    /** Returns what the handler reads; {@code null} if the server has parsed the body and gives it as before. */
    @Nullable InputStream open() throws IOException {
        if (memory != null) {
            return new ByteArrayInputStream(memory);
        }
        return file == null ? null : Files.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
