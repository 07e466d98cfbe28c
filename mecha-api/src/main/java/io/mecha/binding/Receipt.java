// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The confirmation that the backend, or the outbox, has an event.
 *
 * @param id id of the event
 * @param position where the backend put it, in its own words, for example {@code orders.v1-3@42}; {@code null} if it does not
 *     say
 * @since 1.0
 */
public record Receipt(String id, @Nullable String position) {

    public Receipt {
        Objects.requireNonNull(id, "id");
    }
}
