// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.KeyValueStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Some of the values whose keys begin with a prefix; pass {@code next} as {@code after} to get more. */
record Listing<V>(List<V> items, @Nullable String next) {

    private static final int MOST = 100;

    static <V> Listing<V> of(KeyValueStore<V> store, String prefix, int size, @Nullable String after) {
        if (size < 1 || size > MOST) {
            throw Problems.badRequest("A page has 1 to %d items.".formatted(MOST));
        }
        return read(store, prefix, size, after);
    }

    // tag::listing[]
    private static <V> Listing<V> read(KeyValueStore<V> store, String prefix, int size, @Nullable String after) {
        PageRequest first = PageRequest.first(size);
        Page<String> keys = store.keys(prefix, after == null ? first : first.at(after));
        List<V> values = store.getAll(keys.items()).stream()
                .map(result -> result.value())
                .flatMap(Optional::stream) // a key may have lost its value since it was listed
                .toList();
        return new Listing<>(values, keys.next().map(PageRequest::token).orElse(null));
    }
    // end::listing[]
}
