// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import java.util.ArrayList;
import java.util.List;

/** Pieces of long lists that one statement takes. */
final class Chunks {

    private Chunks() {}

    static <T> List<List<T>> of(List<T> items) {
        if (items.size() <= Bulk.ROWS) {
            return items.isEmpty() ? List.of() : List.of(items);
        }
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < items.size(); from += Bulk.ROWS) {
            chunks.add(items.subList(from, Math.min(items.size(), from + Bulk.ROWS)));
        }
        return chunks;
    }
}
