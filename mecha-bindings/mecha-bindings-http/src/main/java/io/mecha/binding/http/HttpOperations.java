// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.InvocationException;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Operations;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.UriUtils;

/**
 * The operations {@code get}, {@code post}, {@code put}, {@code patch}, {@code delete} and {@code head}, as plain requests.
 *
 * <p>Metadata: {@code path} is appended to the destination, {@code query.<name>} is a parameter of the query, {@code header.<name>} a
 * header. All as plain text, encoded here. Nothing is tried twice.
 */
final class HttpOperations implements Operations {

    private static final Set<String> NAMES =
            Set.copyOf(new TreeSet<>(Set.of("get", "post", "put", "patch", "delete", "head")));
    private static final String QUERY = "query.";
    private static final String HEADER = "header.";

    private final String channel;
    private final URI destination;
    private final HttpCaller caller;

    HttpOperations(String channel, URI destination, HttpCaller caller) {
        this.channel = channel;
        this.destination = destination;
        this.caller = caller;
    }

    @Override
    public Set<String> names() {
        return NAMES;
    }

    @Override
    public byte[] invoke(String operation, byte[] data, Map<String, String> metadata) {
        if (!NAMES.contains(operation)) {
            throw InvalidEventException.operation(channel, operation, new TreeSet<>(NAMES));
        }
        HttpMethod method = HttpMethod.valueOf(operation.toUpperCase(Locale.ROOT));
        HttpHeaders headers = headers(metadata, data.length > 0);
        URI uri = uri(metadata);
        HttpCaller.Answer answer;
        try {
            answer = caller.call(method, uri, headers, data);
        } catch (IOException e) {
            throw HttpCaller.noAnswer(channel, e);
        } catch (IllegalArgumentException e) {
            throw unusable("the client cannot send it (%s)".formatted(e.getMessage()));
        }
        if (!answer.isSuccess()) {
            throw new InvocationException(channel, operation, answer.status(), answer.body(), null);
        }
        if (!answer.whole()) {
            throw SendException.unconfirmed(
                    channel, HttpBindingBackend.TYPE, new IOException("The reply is too large"));
        }
        return answer.body();
    }

    private HttpHeaders headers(Map<String, String> metadata, boolean hasBody) {
        HttpHeaders headers = new HttpHeaders();
        if (hasBody) {
            headers.set("Content-Type", "application/json");
        }
        metadata.forEach((name, value) -> {
            if (name.startsWith(HEADER)) {
                if (value.chars().anyMatch(character -> (character < ' ' && character != '\t') || character > 126)) {
                    throw unusable("header '%s' has characters that HTTP cannot carry".formatted(name));
                }
                headers.set(name.substring(HEADER.length()), value);
            }
        });
        return headers;
    }

    private URI uri(Map<String, String> metadata) {
        String base = destination.getRawPath();
        String path = metadata.get("path");
        if (path != null) {
            base = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/" + encodePath(path);
        }
        StringBuilder query = new StringBuilder();
        if (destination.getRawQuery() != null) {
            query.append('?').append(destination.getRawQuery());
        }
        new TreeMap<>(metadata).forEach((name, value) -> {
            if (name.startsWith(QUERY)) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(UriUtils.encode(name.substring(QUERY.length()), StandardCharsets.UTF_8))
                        .append('=')
                        .append(UriUtils.encode(value, StandardCharsets.UTF_8));
            }
        });
        return URI.create(destination.getScheme() + "://" + destination.getRawAuthority() + base + query);
    }

    /** Encodes a path; it cannot leave the destination. */
    private String encodePath(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        for (String segment : relative.split("/", -1)) {
            String name = segment.split(";", 2)[0]; // servers leave parameters out before they follow the dots
            if (name.equals("..") || name.equals(".")) {
                throw unusable("its path '%s' leaves the destination".formatted(path));
            }
        }
        return UriUtils.encodePath(relative, StandardCharsets.UTF_8);
    }

    private InvalidEventException unusable(String reason) {
        return InvalidEventException.unusable(channel, reason, "Change the metadata of the call.");
    }
}
