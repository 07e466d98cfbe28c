// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for one page of a longer result.
 *
 * @param size how many items at most; 1 to 10,000
 * @param token where the page starts, as given by {@link Page#next()}; {@code null} for the first page
 * @since 1.0
 */
public record PageRequest(int size, @Nullable String token) {

    /** The largest page that may be asked for. */
    public static final int MAXIMUM_SIZE = 10_000;

    public PageRequest {
        if (size < 1 || size > MAXIMUM_SIZE) {
            throw new IllegalArgumentException("A page holds 1 to %d items, not %d".formatted(MAXIMUM_SIZE, size));
        }
    }

    /**
     * Ask for the first page.
     *
     * @param size how many items at most; 1 to 10,000
     * @return a request without a token
     */
    public static PageRequest first(int size) {
        return new PageRequest(size, null);
    }

    /**
     * Ask for the page that starts at a token.
     *
     * @param token opaque text from the page before
     * @return a request of the same size
     */
    public PageRequest at(String token) {
        return new PageRequest(size, Objects.requireNonNull(token, "token"));
    }
}
