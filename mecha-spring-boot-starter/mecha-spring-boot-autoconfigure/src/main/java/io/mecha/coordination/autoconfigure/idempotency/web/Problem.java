// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** An answer to a request that was not run, as problem details (RFC 9457). */
record Problem(
        int status,
        String code,
        String title,
        String detail,
        @Nullable Duration retryAfter) {

    private static final String ERRORS = "https://github.com/mecha/mecha/blob/main/docs/errors/coordination.md#";
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    Problem(int status, String code, String title, String detail) {
        this(status, code, title, detail, null);
    }

    static Problem missing(String header) {
        return new Problem(
                400,
                "MECHA-K420",
                header + " is missing",
                "This operation needs the header %s with a key of the client's choice.".formatted(header));
    }

    static Problem malformed(String header) {
        return new Problem(
                400,
                "MECHA-K421",
                header + " is malformed",
                "The header %s has to be there once, as a quoted string of 1 to 255 characters.".formatted(header));
    }

    static Problem reused(String header) {
        return new Problem(
                422,
                "MECHA-K422",
                header + " is already used",
                "The key was used with another request of this operation before. Use a new key for each request.");
    }

    static Problem running(String header, Duration remaining) {
        return new Problem(
                409,
                "MECHA-K401",
                "A request is outstanding for this " + header,
                "The first request with the key has not been answered yet. Send it again later to get the answer.",
                remaining.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : remaining);
    }

    static Problem lost() {
        return new Problem(
                410,
                "MECHA-K402",
                "The request was done, and its answer is lost",
                "The first request with the key was done, but its answer could not be kept. It is not done again: look at its effect,"
                        + " and use a new key for a new request.");
    }

    static Problem overtaken() {
        return new Problem(
                409,
                "MECHA-K403",
                "Another request has taken the key",
                "The request stood still for so long that another one with its key was let in. Send it again to get that answer.",
                LONGEST_REST);
    }

    static Problem unreadable(boolean tooLarge) {
        return new Problem(
                tooLarge ? 413 : 400,
                "MECHA-K423",
                tooLarge ? "The request is too large for a key" : "The request cannot be read",
                tooLarge
                        ? "Requests that have a key may be no larger than the server allows."
                        : "The body of the request, or a part of it, cannot be read or is too large.");
    }

    static Problem stream(String header) {
        return new Problem(
                400,
                "MECHA-K424",
                header + " is not supported here",
                "This operation answers piece by piece, or later, so that its answer cannot be kept. Send it without a key.");
    }

    static Problem tooLarge() {
        return new Problem(
                500,
                "MECHA-K425",
                "The answer is too large for a key",
                "The answer is larger than the server keeps, and the operation was rolled back.");
    }

    static Problem away(String code) {
        return new Problem(
                503,
                code,
                "The key cannot be looked up",
                "Keys are out of reach at the moment, so that the request was not run. Send it again later.",
                LONGEST_REST);
    }

    /** Writes the answer. */
    void send(HttpServletResponse response, @Nullable URI documentation) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", documentation == null ? ERRORS + code.toLowerCase(Locale.ROOT) : documentation);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.put("code", code);
        byte[] bytes = JsonMapper.shared().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        if (retryAfter != null) {
            response.setHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
