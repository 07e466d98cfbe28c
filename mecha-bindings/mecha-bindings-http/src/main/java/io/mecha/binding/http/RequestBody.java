// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, or why it was not taken.
 *
 * @param bytes the body; empty if there is a fault
 * @param fault what to tell the sender; {@code null} if the body is there in full
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RequestBody(byte[] bytes, @Nullable Reply fault) {

    private static final byte[] NOTHING = {};
    private static final int FIRST = 8 * 1024;

    /**
     * Reads a body.
     *
     * @param limit most bytes
     * @param timeout how long it may take to arrive; looked at whenever some of it does, so that a silent sender is left to the
     *     web server's own timeout
     * @throws IOException if the connection was lost
     */
    static RequestBody read(HttpServletRequest request, int limit, Duration timeout) throws IOException {
        long start = System.nanoTime();
        InputStream stream = request.getInputStream();
        // One more than announced, so that the end is found without another array.
        byte[] bytes = new byte[(int) Math.min(FIRST, Math.max(request.getContentLengthLong(), 0) + 1)];
        int size = 0;
        for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes, size, bytes.length - size)) {
            size += count;
            if (size > limit) {
                return new RequestBody(NOTHING, Reply.TOO_LARGE);
            }
            if (System.nanoTime() - start > timeout.toNanos()) {
                return new RequestBody(NOTHING, Reply.SLOW);
            }
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, Math.max(size * 2L, FIRST)));
            }
        }
        return new RequestBody(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), null);
    }
}
