// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.PropertyNames;
import io.mecha.binding.SendException;
import java.time.Duration;
import java.util.Set;

/** The meaning of answers without success for an event. */
final class HttpFailures {

    /** What a server says of a request that it does not take as it is, whenever that comes. */
    private static final Set<Integer> FLAWS = Set.of(400, 411, 413, 414, 415, 422, 431);

    private HttpFailures() {}

    /**
     * Translates a status: what a server failed at may have happened, what it refused has not. A server that is not available may
     * have given up in the midst of it.
     */
    static SendException of(String channel, int status) {
        String advice = advice(channel, status);
        String reason = "it answered with status " + status + (advice.isEmpty() ? "" : ", so " + advice);
        if (FLAWS.contains(status)) {
            return SendException.unacceptable(channel, HttpBindingBackend.TYPE, reason, null);
        }
        return status == 408 || status >= 500
                ? SendException.unconfirmed(channel, HttpBindingBackend.TYPE, reason, null)
                : SendException.refused(channel, HttpBindingBackend.TYPE, reason, null);
    }

    /** Describes a request that was not made, since the other side wants none for longer than a call waits. */
    static SendException held(String channel, Duration remaining) {
        return SendException.refused(
                channel,
                HttpBindingBackend.TYPE,
                "its server answered with status 429 and wants no request for another %d s, so %s"
                        .formatted(remaining.plusMillis(999).toSeconds(), advice(channel, 429)),
                null);
    }

    private static String advice(String channel, int status) {
        return switch (status) {
            case 401, 403 ->
                "set %s to credentials that it accepts".formatted(PropertyNames.channel(channel, "http.authorization"));
            case 404 -> "correct %s, or start the receiver at that URL".formatted(destination(channel));
            case 409 -> "send it again when the conflict has ended";
            case 410 -> "correct %s and start again".formatted(destination(channel));
            case 429 ->
                "send less, or raise %s and %s"
                        .formatted(
                                PropertyNames.channel(channel, "http.retry"),
                                PropertyNames.channel(channel, "http.maximum-retry-after"));
            case 503 -> "check that the receiver runs and is not paused";
            default -> "";
        };
    }

    private static String destination(String channel) {
        return PropertyNames.channel(channel, "destination");
    }
}
