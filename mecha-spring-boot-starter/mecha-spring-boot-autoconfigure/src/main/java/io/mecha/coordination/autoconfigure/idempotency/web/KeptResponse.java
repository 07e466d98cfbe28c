// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is kept.
 *
 * @param error the message of a response that the server writes itself, as with {@code sendError}; {@code null} for others
 * @param contentType content type; {@code null} if there is none
 * @param headers the values of each header
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeptResponse(
        int status,
        @Nullable String error,
        @Nullable String contentType,
        Map<String, List<String>> headers,
        byte[] body) {

    /** Returns how many characters there are besides the body. */
    long headSize() {
        long size = length(error) + length(contentType);
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            size += header.getKey().length();
            for (String value : header.getValue()) {
                size += value.length();
            }
        }
        return size;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(status);
            write(out, error);
            write(out, contentType);
            out.writeInt(headers.size());
            for (Map.Entry<String, List<String>> header : headers.entrySet()) {
                write(out, header.getKey());
                out.writeInt(header.getValue().size());
                for (String value : header.getValue()) {
                    write(out, value);
                }
            }
            out.writeInt(body.length);
            out.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(encoded.length);
            out.write(encoded);
        }
    }

    static KeptResponse read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int status = in.readUnsignedShort();
            String error = readText(in);
            String contentType = readText(in);
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String name = String.valueOf(readText(in));
                List<String> values = new ArrayList<>();
                for (int more = in.readInt(); more > 0; more--) {
                    values.add(String.valueOf(readText(in)));
                }
                headers.put(name, values);
            }
            return new KeptResponse(status, error, contentType, headers, in.readNBytes(in.readInt()));
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8) : null;
    }

    /** Writes the response once more. */
    void send(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        headers.forEach((name, values) -> {
            boolean first = true;
            for (String value : values) {
                if (first) {
                    response.setHeader(name, value);
                } else {
                    response.addHeader(name, value);
                }
                first = false;
            }
        });
        if (contentType != null) {
            response.setContentType(contentType);
        }
        if (error != null) {
            response.sendError(status, error.isEmpty() ? null : error);
        } else if (body.length > 0) {
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    /** The headers of a response, before a handler has added its own. */
    record Before(Map<String, List<String>> headers) {

        static Before of(HttpServletResponse response) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (String name : new TreeSet<>(response.getHeaderNames())) {
                headers.put(name, List.copyOf(response.getHeaders(name)));
            }
            return new Before(headers);
        }

        /** Returns what has changed since. */
        Map<String, List<String>> changed(HttpServletResponse response) {
            Map<String, List<String>> now = of(response).headers();
            now.entrySet().removeAll(headers.entrySet());
            return now;
        }
    }
}
