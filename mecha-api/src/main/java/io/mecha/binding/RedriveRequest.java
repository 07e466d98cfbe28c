// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.util.Objects;

/**
 * A request to send dead letters of one group back to the channel they came from.
 *
 * @param channel name of the channel whose dead letters to send back
 * @param group the group that failed to handle them
 * @param limit most messages to send back; at least 1
 * @param unsigned whether dead letters are believed whose mark no key verifies: everybody who may send to the dead letter channel can write
 *     such a mark, and so choose what the group handles
 * @since 1.0
 */
public record RedriveRequest(String channel, String group, int limit, boolean unsigned) {

    /** Check the values. */
    public RedriveRequest {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(group, "group");
        if (limit < 1) {
            throw new IllegalArgumentException("A redrive sends back at least one message, not " + limit);
        }
    }

    /**
     * Return a request for the dead letters whose marks are verified.
     *
     * @param channel name of the channel whose dead letters to send back
     * @param group the group that failed to handle them
     * @param limit most messages to send back; at least 1
     * @return the request
     */
    public static RedriveRequest of(String channel, String group, int limit) {
        return new RedriveRequest(channel, group, limit, false);
    }

    /**
     * Return the same request for dead letters with unsigned marks, too.
     *
     * @return a copy
     */
    public RedriveRequest withUnsigned() {
        return new RedriveRequest(channel, group, limit, true);
    }
}
