// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a longer result.
 *
 * @param <T> what the page holds
 * @param items the items of this page, in order; may be fewer than asked for even if another page follows
 * @param following request for the page after this one; {@code null} on the last page
 * @since 1.0
 */
public record Page<T>(List<T> items, @Nullable PageRequest following) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Return the request for the page after this one.
     *
     * @return the request, or empty on the last page
     */
    public Optional<PageRequest> next() {
        return Optional.ofNullable(following);
    }

    /**
     * Change each item, keeping the position in the result.
     *
     * @param <R> what the new page holds
     * @param change called once for each item
     * @return a page of the same length
     */
    public <R> Page<R> map(Function<? super T, ? extends R> change) {
        return new Page<>(items.stream().<R>map(change).toList(), following);
    }
}
