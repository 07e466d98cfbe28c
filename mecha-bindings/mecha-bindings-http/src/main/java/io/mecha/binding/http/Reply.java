// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.spi.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * A reply to a sender's request; reasons as problem details (RFC 9457).
 *
 * @param status the status code
 * @param reason one sentence, without anything that was sent; empty if it was handled
 * @param later whether it makes sense to send it again soon
 * @param message the answer of a handler
 */
record Reply(
        int status, String reason, boolean later, @Nullable Message message) {

    private static final JsonMapper JSON = new JsonMapper();

    static final Reply HANDLED = new Reply(202, "", false, null);
    static final Reply UNREADABLE = new Reply(400, "The event cannot be read.", false, null);
    static final Reply REFUSED = new Reply(422, "The event was refused.", false, null);
    static final Reply FAILED = new Reply(500, "The event could not be handled.", false, null);
    static final Reply UNAVAILABLE = new Reply(503, "No receiver is active; send it again later.", true, null);
    static final Reply RELEASED = new Reply(
            503, "The event was given back, maybe handled in part; send it again later with the same id.", true, null);
    static final Reply LATE = new Reply(504, "The event was not handled in time.", false, null);
    static final Reply BUSY =
            new Reply(429, "Too many events are being handled; send less, and this one again later.", true, null);
    static final Reply TOO_LARGE = new Reply(413, "The body is too large.", false, null);
    static final Reply SLOW = new Reply(408, "The body did not arrive in time.", false, null);
    static final Reply HEADERS_TOO_LARGE = new Reply(431, "The headers are too large.", false, null);

    static Reply of(Message message) {
        return new Reply(200, "", false, message);
    }

    static Reply badRequest(String reason) {
        return new Reply(400, reason, false, null);
    }

    /** Returns the answer that asks more of the sender. */
    Reply or(Reply other) {
        return other.rank() > rank() ? other : this;
    }

    byte[] problem() {
        HttpStatus known = HttpStatus.resolve(status);
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", known == null ? "" : known.getReasonPhrase());
        problem.put("status", status);
        problem.put("detail", reason);
        return JSON.writeValueAsBytes(problem);
    }

    private int rank() {
        return status == 202 ? 0 : status;
    }

    ServerResponse response() {
        ServerResponse.BodyBuilder response = ServerResponse.status(status);
        if (later) {
            response.header("Retry-After", "1");
        }
        if (message == null) {
            return reason.isEmpty()
                    ? response.build()
                    : response.header("Content-Type", "application/problem+json")
                            .body(problem());
        }
        HttpHeaders headers = new HttpHeaders();
        EventHeaders.write(message, headers);
        response.headers(target -> target.putAll(headers));
        byte[] body = message.body();
        return body == null || body.length == 0 ? response.build() : response.body(body);
    }
}
