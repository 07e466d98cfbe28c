// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The handshake with senders that ask for permission to send.
 *
 * <p>The answer is given at once, so a callback that a sender offers is never called.
 *
 * @param allowedOrigins names that senders give themselves, {@code *} for everybody; empty to refuse all
 * @param allowedRate most requests in a minute; {@code null} for no limit
 * @implNote Source: HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4 "Abuse Protection".
 */
record Webhook(List<String> allowedOrigins, @Nullable Integer allowedRate) {

    private static final String METHODS = "POST, OPTIONS";

    Webhook {
        allowedOrigins = List.copyOf(allowedOrigins);
        if (allowedRate != null && allowedRate < 1) {
            throw new IllegalArgumentException(
                    "A sender is allowed at least one request in a minute, not %d".formatted(allowedRate));
        }
    }

    ServerResponse options(HttpHeaders request) {
        String origin = request.getFirst("WebHook-Request-Origin");
        if (origin == null) {
            return ServerResponse.noContent().header("Allow", METHODS).build();
        }
        if (!allows(origin)) {
            return refused(403, "The origin of the request may not send here.");
        }
        return ServerResponse.ok()
                .header("Allow", METHODS)
                .header("WebHook-Allowed-Origin", allowedOrigins.contains("*") ? "*" : origin)
                .header("WebHook-Allowed-Rate", rate(request.getFirst("WebHook-Request-Rate")))
                .build();
    }

    static ServerResponse methodNotAllowed() {
        return refused(405, "Events are sent by POST.");
    }

    private static ServerResponse refused(int status, String reason) {
        return ServerResponse.status(status)
                .header("Allow", METHODS)
                .header("Content-Type", "application/problem+json")
                .body(new Reply(status, reason, false, null).problem());
    }

    private boolean allows(String origin) {
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        return allowedOrigins.stream()
                .anyMatch(allowed ->
                        allowed.equals("*") || allowed.toLowerCase(Locale.ROOT).equals(lower));
    }

    /** Returns what was asked for, up to what is allowed; what is no positive number asks for all there is. */
    private String rate(@Nullable String requested) {
        if (requested == null || !requested.strip().matches("0*[1-9][0-9]{0,8}")) {
            return allowedRate == null ? "*" : String.valueOf(allowedRate);
        }
        int asked = Integer.parseInt(requested.strip());
        return String.valueOf(allowedRate == null ? asked : Math.min(asked, allowedRate));
    }
}
